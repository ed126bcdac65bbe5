// Shows installed specs as `spack find` does.
import { SpackOciError } from "@spack-oci/errors";
import type { ConcreteSpec, Spec } from "../model/spec.js";
import { parseArguments } from "../parser/command-line.js";
import type { ParseOptions } from "../parser/parse-options.js";
import { prefixOfSpec, type SpecCatalog } from "../query/catalog.js";
import { type QueryOptions, queryCatalogAny } from "../query/query.js";
import { type DisplayContext, type DisplayOptions, displaySpecs } from "./display-specs.js";
import { displayEnvironment, environmentDecorator, type FindEnvironment } from "./find-environment.js";
import { specsJson } from "./find-json.js";
import { installStatusMark } from "./install-status.js";
import { message, type OutputStyle, plural } from "./terminal.js";

/** What to find and how to show it. */
export interface FindOptions extends DisplayOptions, QueryOptions {
  /** Constraints as on a command line; all specs by default. */
  readonly constraints?: readonly string[];
  /** Only externals (`-e`). */
  readonly external?: boolean;
  /** The nodes as JSON (`--json`). */
  readonly json?: boolean;
  /** A mark before each spec that tells whether it is installed (`-I`). */
  readonly installStatus?: boolean;
  /** The active environment: only what it needs is found, and its roots stand first. */
  readonly environment?: FindEnvironment;
  /** In an environment, only its roots (`-r`), or also what is not installed yet (`-c`). */
  readonly onlyRoots?: boolean;
  readonly showConcretized?: boolean;
  readonly style?: OutputStyle;
  readonly parse?: ParseOptions;
}

/**
 * The output of `spack find` (`spack/cmd/find.py`).
 *
 * @throws SpackOciError `ERR_SPEC_NO_MATCH` if there are constraints and nothing is as they ask for, and the errors of
 *   constraints and of format strings
 */
export function renderFind(catalog: SpecCatalog, options: FindOptions = {}): string {
  const found = findSpecs(catalog, options);
  if (options.json === true) return specsJson(catalog, found, options.deps);
  const { environment, style = {} } = options;
  const context = displayContext(catalog, options);
  const groups = options.groups ?? options.format === undefined;
  const pending = notInstalled(catalog, options);
  let output = "";
  if (environment !== undefined && options.format === undefined) {
    output += displayEnvironment(catalog, environment, options, context);
  }
  if (options.onlyRoots !== true) {
    const shown = options.showConcretized === true ? [...found, ...pending] : found;
    output += displaySpecs(shown, { ...options, groups }, context);
  }
  return style.columns === undefined || !groups ? output : output + counts(found, pending, options);
}

/** The specs that `spack find` shows, in Spack's order. @throws SpackOciError as {@link renderFind} */
export function findSpecs(catalog: SpecCatalog, options: FindOptions = {}): readonly ConcreteSpec[] {
  const { constraints = [], environment } = options;
  const hashes = environment === undefined ? options.hashes : new Set(environment.hashes);
  const query = { ...options, ...(hashes === undefined ? {} : { hashes }) };
  const found = queryCatalogAny(catalog, parseArguments(constraints, options.parse), query);
  const shown =
    options.external === true ? found.filter((spec) => spec.concrete.external !== undefined) : found;
  const pending = options.showConcretized === true && notInstalled(catalog, options).length > 0;
  if (shown.length === 0 && constraints.length > 0 && !pending) {
    throw new SpackOciError("ERR_SPEC_NO_MATCH", `No package matches the query: ${constraints.join(" ")}`, {
      kind: "not-found",
      hint: "Without a spec, everything that is installed is shown.",
    });
  }
  return shown;
}

/** Specs of the environment that are not installed. */
function notInstalled(catalog: SpecCatalog, { environment }: FindOptions): readonly ConcreteSpec[] {
  if (environment === undefined) return [];
  const isInstalled = (hash: string) => catalog.records.get(hash)?.[0]?.installed === true;
  return environment.hashes
    .filter((hash) => !isInstalled(hash))
    .flatMap((hash) => environment.specs.get(hash) ?? []);
}

function displayContext(catalog: SpecCatalog, options: FindOptions): DisplayContext {
  const { environment, style = {} } = options;
  const prefixOf = (spec: Spec) => prefixOfSpec(catalog, spec as ConcreteSpec);
  const marked = options.installStatus === true || options.showConcretized === true;
  return {
    style,
    formatOptions: { prefixOf },
    prefixOf,
    ...(marked ? { mark: (spec: Spec) => installStatusMark(catalog, spec, style.color === true) } : {}),
    ...(environment === undefined ? {} : { decorate: environmentDecorator(environment, style) }),
  };
}

/** On a terminal the number of packages stands last, because the list may be long. */
function counts(found: readonly Spec[], pending: readonly Spec[], options: FindOptions): string {
  const { environment, onlyRoots, showConcretized, style = {} } = options;
  const hidden = onlyRoots === true ? " (not shown)" : "";
  const installed = message(`${plural(found.length, "installed package")}${hidden}`, style);
  if (environment === undefined) return installed;
  const how = onlyRoots !== true && showConcretized !== true ? " (show with `spack find -c`)" : hidden;
  return installed + message(`${plural(pending.length, "concretized package")} to be installed${how}`, style);
}
