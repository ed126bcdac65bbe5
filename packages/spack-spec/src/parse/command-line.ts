// Parses specs from the arguments of a command, whose quotes the shell has removed.

import type { Spec } from "../model/spec.js";
import { quoteIfNeeded } from "../text/quote.js";
import type { ParseOptions } from "./parse-options.js";
import { parseSpecs } from "./parse-spec.js";

const SETTING = /^([a-zA-Z_0-9][a-zA-Z_0-9\-.]*)(:?==?)([^\n]*)\n?$/;

/**
 * The specs in `args`. A spec may span several arguments; in an argument `name=value`, the value is treated as quoted
 * (`spack/cmd/__init__.py: parse_specs`).
 *
 * @throws SpackOciError as `parseSpecs`
 *
 * @example
 * ```ts
 * import { parseArguments, textOf } from "@spack-oci/spack-spec";
 *
 * console.log(parseArguments(["zlib", "@1.3:", "hdf5"]).map(textOf)); // [ 'zlib@1.3:', 'hdf5' ]
 * ```
 */
export function parseArguments(args: readonly string[], options: ParseOptions = {}): readonly Spec[] {
  return parseSpecs(args.map(quoteValue).join(" "), options);
}

function quoteValue(argument: string): string {
  const match = SETTING.exec(argument);
  if (match === null) return argument;
  const [, name = "", delimiter = "", value = ""] = match;
  return `${name}${delimiter}${quoteIfNeeded(value)}`;
}
