// The configuration of module files as plain data: what `modules:` says about one named set.

/** A module system that Spack writes files for. */
export type ModuleSystem = "tcl" | "lmod";

/** A configured value. Numbers that are not integers are texts, as Python prints them. */
export type Setting = string | number | boolean | null | readonly Setting[] | ReadonlyMap<string, Setting>;

/** The section `tcl:` or `lmod:` of a set, in the order of the merged configuration. */
export interface SystemSettings {
  readonly entries: ReadonlyMap<string, Setting>;
  /** Keys written as `key::`, which replace what earlier keys said about a package. */
  readonly overriding: ReadonlySet<string>;
}

/** A named set of module files (Spack: schema/modules.py). */
export interface ModuleSet {
  readonly name: string;
  /** The systems whose files an install writes. */
  readonly enabled: readonly ModuleSystem[];
  /** Absolute paths. */
  readonly roots: Readonly<Record<ModuleSystem, string>>;
  /** Whether a directory for the architecture is below the root. */
  readonly archFolder: boolean;
  /** The view whose paths replace those of prefixes, which only Spack writes; undefined for none. */
  readonly view: string | undefined;
  /** Variables by the directory, relative to a prefix, that is prepended to them; in order. */
  readonly prefixInspections: ReadonlyMap<string, readonly string[]>;
  readonly settings: Readonly<Record<ModuleSystem, SystemSettings>>;
}
