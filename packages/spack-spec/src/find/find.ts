// Shows installed specs as `spack find` does.

import type { FormatOptions } from "../format/format-options.js";
import type { Spec } from "../model/spec.js";
import { prefixOf, type SpecCatalog } from "../query/catalog.js";
import { type DisplayContext, type DisplayOptions, displaySpecs } from "./display-specs.js";
import { displayEnvironment, environmentDecorator } from "./find-environment.js";
import { specsJson } from "./find-json.js";
import { type FindSpecsOptions, findPending, findSpecs } from "./find-specs.js";
import { installStatusMark } from "./install-status.js";
import { message, type OutputStyle, plural } from "./terminal.js";

/** What to find and how to show it. */
export interface FindOptions extends DisplayOptions, FindSpecsOptions {
  /** The nodes as JSON (`--json`). */
  readonly json?: boolean;
  /** The install status before each spec (`-I`). */
  readonly installStatus?: boolean;
  /** In an environment, only its roots (`-r`). */
  readonly onlyRoots?: boolean;
  readonly style?: OutputStyle;
  /** Where a package without a record would be installed. */
  readonly futurePrefixOf?: (hash: string) => string | undefined;
  /** Spack's directory and the root of the install tree, for formats that use them. */
  readonly instance?: Pick<FormatOptions, "spackRoot" | "installTree">;
}

/**
 * The output of `spack find` (`spack/cmd/find.py`).
 *
 * @throws SpackOciError `ERR_SPEC_NO_MATCH` if there are constraints and no spec matches, and the errors of constraints
 *   and of format strings
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { catalogOfGraph, parseSpecDocument, renderFind } from "@spack-oci/spack-spec";
 *
 * const { graph, root } = parseSpecDocument(readFileSync("margo.json", "utf8"));
 * const text = renderFind(catalogOfGraph(graph, [root.hash]), { long: true });
 * console.log(text.includes("cd2e4nf margo-lite@0.18.3")); // true
 * ```
 */
export function renderFind(catalog: SpecCatalog, options: FindOptions = {}): string {
  const found = findSpecs(catalog, options);
  if (options.json === true) return specsJson(catalog, found, options.deps);
  const { environment, style = {} } = options;
  const context = displayContext(catalog, options);
  const groups = options.groups ?? options.format === undefined;
  const pending = findPending(catalog, options);
  let output = "";
  if (environment !== undefined && options.format === undefined) {
    output += displayEnvironment(environment, options, { ...context, catalog });
  }
  if (options.onlyRoots !== true) {
    const shown = options.showConcretized === true ? [...found, ...pending] : found;
    output += displaySpecs(shown, { ...options, groups }, context);
  }
  return style.columns === undefined || !groups ? output : output + counts(found, pending, options);
}

function displayContext(catalog: SpecCatalog, options: FindOptions): DisplayContext {
  const { environment, style = {}, futurePrefixOf } = options;
  const prefix = (hash: string) => prefixOf(catalog, hash) ?? futurePrefixOf?.(hash);
  const marked = options.installStatus === true || options.showConcretized === true;
  return {
    style,
    formatOptions: { ...options.instance, prefixOf: prefix },
    prefixOf: prefix,
    ...(marked ? { mark: (spec: Spec) => installStatusMark(catalog, spec, style.color === true) } : {}),
    ...(environment === undefined ? {} : { decorate: environmentDecorator(environment, style) }),
  };
}

/** On a terminal the number of packages comes last, because the list may be long. */
function counts(found: readonly Spec[], pending: readonly Spec[], options: FindOptions): string {
  const { environment, onlyRoots, showConcretized, style = {} } = options;
  const hidden = onlyRoots === true ? " (not shown)" : "";
  const installed = message(`${plural(found.length, "installed package")}${hidden}`, style);
  if (environment === undefined) return installed;
  const how = onlyRoots !== true && showConcretized !== true ? " (show with `spack find -c`)" : hidden;
  return installed + message(`${plural(pending.length, "concretized package")} to be installed${how}`, style);
}
