// Shows the roots of an environment above its installed specs.

import { concreteSpecs } from "../model/concrete-specs.js";
import type { SpecGraph } from "../model/node.js";
import type { ConcreteSpec, Spec } from "../model/spec.js";
import { parseSpec } from "../parse/parse-spec.js";
import type { SpecCatalog } from "../query/catalog.js";
import { colorize } from "../text/color.js";
import { type DisplayContext, type DisplayOptions, displaySpecs } from "./display-specs.js";
import { installStatusMark } from "./install-status.js";
import { message, type OutputStyle } from "./terminal.js";

/** What `spack find` needs to know about the active environment. */
export interface FindEnvironment {
  /** The name, or the directory of an independent environment. */
  readonly name: string;
  /** The requested specs, each with the hash of its concrete spec, if it has one. */
  readonly roots: readonly { readonly spec: string; readonly hash?: string }[];
  /** The specs requested by the environments that this one includes. */
  readonly includedRoots?: readonly string[];
  /** The hashes of all specs of the environment, root by root, dependents first. */
  readonly hashes: readonly string[];
  /** These specs, installed or not. */
  readonly graph: SpecGraph;
}

/**
 * The environment's name and roots (`spack/cmd/find.py: display_env`). @throws SpackOciError the errors of spec strings
 */
export function displayEnvironment(
  environment: FindEnvironment,
  options: DisplayOptions,
  context: DisplayContext & { readonly catalog: SpecCatalog },
): string {
  const { style, catalog } = context;
  const { roots, includedRoots = [] } = environment;
  const hashes = new Map(roots.map((root) => [parseSpec(root.spec), root.hash] as const));
  const decorate = (spec: Spec, text: string) => {
    const concrete = concreteSpecs(environment.graph).get(hashes.get(spec) ?? "");
    return rootStart(catalog, concrete, { ...options, color: style.color === true }) + text;
  };
  const shown: DisplayOptions = {
    ...options,
    paths: false,
    long: false,
    veryLong: false,
    namespaces: true,
    flags: true,
    variants: true,
  };
  const { mark: _mark, ...plain } = context;
  let output = message(`In environment ${environment.name}`, style);
  output += message(`${roots.length || "No"} root specs`, style);
  output += `${displaySpecs([...hashes.keys()], shown, { ...plain, decorate })}\n`;
  if (includedRoots.length > 0) {
    const bold = (_spec: Spec, text: string) => colorize(`@*{${text}}`, style.color === true);
    const included = includedRoots.map((root) => parseSpec(root));
    const wanted: DisplayOptions = { ...options, paths: false, flags: true, variants: true };
    output += message("Included specs", style);
    output += `${displaySpecs(included, wanted, { ...plain, decorate: bold })}\n`;
  }
  return output;
}

/** Prints the roots of the environment in bold (`make_env_decorator`). */
export function environmentDecorator(environment: FindEnvironment, style: OutputStyle) {
  const roots = new Set(environment.roots.map((root) => root.hash));
  return (spec: Spec, text: string): string => {
    return roots.has(spec.node?.hash) ? colorize(`@*{${text}}`, style.color === true) : text;
  };
}

/** What comes before a root: its install status, and its hash if asked for. */
function rootStart(
  catalog: SpecCatalog,
  concrete: ConcreteSpec | undefined,
  { color, long, veryLong }: DisplayOptions & { readonly color: boolean },
): string {
  const status = concrete === undefined ? colorize("@K{ - }", color) : statusOf(catalog, concrete, color);
  if (long !== true && veryLong !== true) return `${status} `;
  const hash = (concrete?.node.hash ?? "-".repeat(32)).slice(0, long === true ? 7 : undefined);
  return `${status} ${colorize(`@K{${hash}}`, color)} `;
}

function statusOf(catalog: SpecCatalog, spec: ConcreteSpec, color: boolean): string {
  return installStatusMark(catalog, spec, color).slice(0, -2);
}
