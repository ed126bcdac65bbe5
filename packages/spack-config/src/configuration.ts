// The merged configuration of a Spack instance, section by section; a section is read on first use.

import { SpackOciError } from "@spack-oci/errors";
import { parseConfigPath } from "./scopes/config-path.js";
import type { ConfigScope } from "./scopes/scope.js";
import type { ScopeStack } from "./scopes/scope-stack.js";
import { upgradeSection } from "./scopes/upgrade.js";
import { SECTION_NAMES } from "./sections/sections.js";
import { unknownSection } from "./sections/unknown-section.js";
import { type BlamedLine, blameLines } from "./yaml/blame.js";
import { mergeMaps } from "./yaml/merge.js";
import { type ConfigMap, type ConfigValue, child, map } from "./yaml/value.js";

/** The scopes of an instance, merged. */
export class Configuration {
  readonly #stack: ScopeStack;
  readonly #sections = new Map<string, ConfigValue>();

  constructor(stack: ScopeStack) {
    this.#stack = stack;
  }

  /** All scopes, from weakest to strongest. */
  get scopes(): readonly ConfigScope[] {
    return this.#stack.scopes;
  }

  /**
   * The scope with this name, or the one that Spack would change.
   *
   * @throws SpackOciError `ERR_CONFIG_SCOPE` if no scope with a file has this name
   */
  scope(name?: string): ConfigScope {
    const withFiles = this.scopes.filter(({ path }) => path !== undefined);
    const scope =
      name === undefined ? this.#stack.preferredScope : withFiles.find((each) => each.name === name);
    if (scope !== undefined) return scope;
    const names = withFiles.map((each) => each.name);
    const message =
      name === undefined
        ? "No configuration file can be changed."
        : `No configuration scope is named ${name}.`;
    throw new SpackOciError("ERR_CONFIG_SCOPE", message, {
      kind: "usage",
      place: name,
      hint: `The scopes with files are ${names.toReversed().join(", ") || "none"}.`,
    });
  }

  /**
   * The merged value of a section; an empty mapping if no scope sets it.
   *
   * Source: `lib/spack/spack/config.py`, `Configuration.get_config`.
   *
   * @throws SpackOciError `ERR_CONFIG_SECTION` for an unknown section, `ERR_CONFIG_FILE` or `ERR_CONFIG_FORMAT` if a
   *   file of the section is invalid.
   */
  section(section: string): ConfigValue {
    const known = this.#sections.get(section);
    if (known !== undefined) return known;
    const merged = this.#merge(section);
    this.#sections.set(section, merged);
    return merged;
  }

  /**
   * The value at a path such as `config:install_tree:root`; undefined if nothing is configured there.
   *
   * @throws SpackOciError the errors of {@link section}, and `ERR_CONFIG_PATH` for an invalid path.
   */
  get(path: string): ConfigValue | undefined {
    const [section, ...keys] = parseConfigPath(path);
    return keys.reduce<ConfigValue | undefined>(
      (value, part) => child(value, part.text),
      this.section(section?.text ?? ""),
    );
  }

  /** The lines of a section in YAML, each with the file and line it came from, as in `spack config blame`. */
  blame(section: string): BlamedLine[] {
    return blameLines(section, this.section(section));
  }

  #merge(section: string): ConfigValue {
    if (!SECTION_NAMES.includes(section)) throw unknownSection(section);
    const merged = this.#stack.activeScopes.reduce<ConfigMap>((weaker, scope) => {
      const entry = scope.section(section);
      if (entry === undefined) return weaker;
      const { key, value } = upgradeSection(section, entry);
      // Scopes that `include::` drops are already gone; the defaults stay in any case.
      const isOverride = key.override && section !== "include";
      return mergeMaps(weaker, map([{ key: { ...key, override: isOverride }, value }]));
    }, map([]));
    const value = merged.entries.get(section)?.value ?? map([]);
    return value.kind === "map" ? { ...value, flow: false } : value;
  }
}
