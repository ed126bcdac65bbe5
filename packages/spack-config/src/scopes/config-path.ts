// Paths into the configuration, such as `packages:zlib:buildable`, with quotes and the override sign `::`.

import { SpackOciError } from "@spack-oci/errors";
import { loadYaml } from "../yaml/load.js";

/** One part of a path: a key, or the value at the end of a `-c` option. */
export interface PathPart {
  readonly text: string;
  /** Written as `part::`: replaces the existing value. */
  readonly override: boolean;
  /** Quoted, or followed by a sign: a string, never YAML. */
  readonly isLiteral: boolean;
}

const KEY = /^((?:"[^"]+"|'[^']+'|[^:'"]+)[+-]?)(?::|$)/;

/**
 * The parts of a configuration path. A last part that is not a key is a YAML value.
 *
 * Source: `lib/spack/spack/config.py`, `ConfigPath`.
 *
 * @throws SpackOciError `ERR_CONFIG_PATH` if it cannot be parsed, or overrides twice.
 */
export function parseConfigPath(path: string): PathPart[] {
  const elements = splitPath(path);
  const parts = elements.map((element, index) => readPart(element, index === elements.length - 1));
  if (parts.filter(({ override }) => override).length > 1)
    throw badPath(path, "it contains the override `::` twice");
  return parts;
}

function splitPath(path: string): string[] {
  const first = KEY.exec(path)?.[1];
  if (first === undefined) throw badPath(path, "it does not start with a key");
  const elements = [first];
  let rest = path.slice(first.length);
  while (rest !== "") {
    const separator = /^:+/.exec(rest)?.[0];
    if (separator === undefined) throw badPath(path, `a colon is missing before '${rest}'`);
    elements.push((elements.pop() ?? "") + separator);
    rest = rest.slice(separator.length);
    if (rest === "") break;
    const element = KEY.exec(rest)?.[1] ?? valueText(rest, path);
    elements.push(element);
    rest = rest.slice(element.length);
  }
  return elements;
}

function valueText(text: string, path: string): string {
  try {
    loadYaml(text, path);
  } catch (cause) {
    throw badPath(path, `'${text}' is neither a key nor a value`, cause);
  }
  return text;
}

function readPart(element: string, isLast: boolean): PathPart {
  const override = element.endsWith("::") || (element.endsWith(":") && isLast);
  const name = element.replace(/:+$/, "");
  const hasSign = /[+-]$/.test(name);
  const signless = name.replace(/[+-]+$/, "");
  const isQuoted = /^['"]/.test(signless);
  return {
    text: signless.replace(/^['"]+|['"]+$/g, ""),
    override,
    isLiteral: override || hasSign || isQuoted,
  };
}

function badPath(path: string, reason: string, cause?: unknown): SpackOciError {
  return new SpackOciError("ERR_CONFIG_PATH", `${path} is not a valid configuration path: ${reason}.`, {
    kind: "usage",
    place: path,
    hint: "Write it as section:key:value, with quotes around parts that contain a colon.",
    cause,
  });
}
