// The module files of one system in one set: which packages have one, what they are called, and where they are.

import { formatAny, formatPathOf, type Spec, type SpecNode } from "@spack-oci/spack-spec";
import { mergeRules } from "../settings/merge-rules.js";
import type { ModuleSet, ModuleSystem } from "../settings/module-set.js";
import { isOn, type Settings, stringsAt, textAt, textsAt } from "../settings/read-setting.js";
import type { Surroundings } from "../surroundings.js";
import { type DependencyRequest, requestedDependencies } from "./dependencies.js";
import { Hierarchy } from "./hierarchy.js";
import { Matcher } from "./matching.js";
import { requireValidTokens } from "./tokens.js";

const DEFAULT_PROJECTIONS: Readonly<Record<ModuleSystem, string>> = {
  tcl: "{name}/{version}-{compiler.name}-{compiler.version}",
  lmod: "{name}/{version}",
};

/** How many characters of the hash are in the names of hidden modules, and by default in all names. */
const HASH_LENGTH = 7;

/** All answers are those of Spack (modules/common.py, tcl.py and lmod.py). */
export class ModuleTree {
  readonly surroundings: Surroundings;
  readonly set: ModuleSet;
  readonly system: ModuleSystem;
  readonly matcher: Matcher;
  readonly #rules = new Map<string, Settings>();
  readonly #hierarchy: Hierarchy | undefined;

  constructor(surroundings: Surroundings, set: ModuleSet, system: ModuleSystem) {
    this.surroundings = surroundings;
    this.set = set;
    this.system = system;
    this.matcher = new Matcher(surroundings);
    this.#hierarchy =
      system === "lmod" ? new Hierarchy(surroundings, this.settings, this.matcher) : undefined;
  }

  /** What the configuration says about all packages. */
  get settings(): Settings {
    return this.set.settings[this.system].entries;
  }

  /** The hierarchy of Lmod; undefined for Tcl, which has none. */
  get hierarchy(): Hierarchy | undefined {
    return this.#hierarchy;
  }

  /** What the configuration says about a package. */
  rulesOf(node: SpecNode): Settings {
    const known = this.#rules.get(node.hash);
    if (known !== undefined) return known;
    const rules = mergeRules(this.set.settings[this.system], (constraint) =>
      this.matcher.satisfies(node, constraint),
    );
    this.#rules.set(node.hash, rules);
    return rules;
  }

  /** Whether a package has no module file. */
  isExcluded(node: SpecNode): boolean {
    if (this.matcher.satisfiesAny(node, stringsAt(this.settings, "include"))) return false;
    if (this.matcher.satisfiesAny(node, stringsAt(this.settings, "exclude"))) return true;
    return isOn(this.settings, "exclude_implicits") && !this.surroundings.isExplicit(node);
  }

  /** Whether the module is left out of listings; modules that open a hierarchy never are. */
  isHidden(node: SpecNode): boolean {
    if (!isOn(this.settings, "hide_implicits") || this.surroundings.isExplicit(node)) return false;
    return this.#hierarchy?.opens(node) !== true;
  }

  /** Whether a module is the default of its name. */
  isDefault(node: SpecNode): boolean {
    return this.matcher.satisfiesAny(node, stringsAt(this.settings, "defaults"));
  }

  /** The modules that this one loads, or that have to be loaded before it. */
  namesOf(node: SpecNode, purpose: "autoload" | "prerequisites"): string[] {
    const standard = purpose === "autoload" ? "direct" : "none";
    const request = (textAt(this.rulesOf(node), purpose) ?? standard) as DependencyRequest;
    return requestedDependencies(this.surroundings.graph, node, request)
      .filter((dependency) => !this.isExcluded(dependency))
      .map((dependency) => this.useName(dependency));
  }

  /** The format of a package's name. */
  projectionOf(node: SpecNode): string {
    const scheme = this.settings.get("naming_scheme");
    const standard = typeof scheme === "string" ? scheme : DEFAULT_PROJECTIONS[this.system];
    const projections = this.settings.has("projections")
      ? textsAt(this.settings, "projections")
      : new Map([["all", standard]]);
    for (const format of projections.values()) requireValidTokens(format, "the names of module files");
    for (const [constraint, format] of projections) {
      if (this.matcher.satisfies(node, constraint)) return format;
    }
    return projections.get("all") || DEFAULT_PROJECTIONS[this.system];
  }

  /**
   * The name that a user loads.
   *
   * @throws SpackOciError `ERR_MODULE_TOKEN`, and those of format strings
   */
  useName(node: SpecNode): string {
    const spec = this.matcher.specOf(node);
    const options = { prefixOf: this.prefixOfHash };
    const name = formatPathOf(spec, this.projectionOf(node), options);
    const suffixes = this.#suffixesOf(node).map((suffix) => formatAny(spec, suffix, options));
    return [name, ...suffixes].join("-");
  }

  /** The absolute path of the module file. */
  fileName(node: SpecNode): string {
    const name = this.useName(node);
    const directory = this.architectureDirectory(node);
    if (this.#hierarchy === undefined) return `${directory}/${name}`;
    return [directory, ...this.#hierarchy.partsOf(node), `${name}.lua`].join("/");
  }

  /** The root, with the folder of the package's architecture. */
  architectureDirectory(node: SpecNode): string {
    const root = this.set.roots[this.system];
    if (!this.set.archFolder) return root;
    const format = this.system === "tcl" ? "{architecture}" : "{platform}-{os}-{target.family}";
    return `${root}/${formatAny(this.matcher.specOf(node), format)}`;
  }

  /** For `{prefix}` in formats. */
  readonly prefixOfHash = (hash: string): string | undefined => {
    const node = this.surroundings.graph.get(hash);
    return node === undefined ? undefined : this.surroundings.prefixOf(node);
  };

  /** A text with fields such as `{prefix}`. */
  format(spec: Spec, format: string): string {
    return formatAny(spec, format, { prefixOf: this.prefixOfHash });
  }

  #suffixesOf(node: SpecNode): string[] {
    const configured = [...textsAt(this.rulesOf(node), "suffixes")]
      .filter(([constraint]) => this.matcher.contains(node, constraint))
      .map(([, suffix]) => suffix);
    const length = this.isHidden(node) ? HASH_LENGTH : hashLength(this.settings);
    return [...new Set(configured), ...(length === 0 ? [] : [node.hash.slice(0, length)])];
  }
}

function hashLength(settings: Settings): number {
  const length = settings.get("hash_length");
  return typeof length === "number" ? length : HASH_LENGTH;
}
