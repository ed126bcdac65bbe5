// What a package's recipe does with views, read from its text: only Spack can run a recipe.

/** The parts of a recipe that matter to views. */
export interface RecipeTraits {
  /**
   * `always` if the recipe has methods of its own that add its files to views, `with-python` if it inherits those of
   * Python extensions, which only matter with a Python that Spack installed.
   */
  readonly viewMethods: "none" | "with-python" | "always";
  /** Names of packages that this one may extend; its projection is theirs. */
  readonly extendees: ReadonlySet<string>;
  /** Whether it has the tag `runtime`. */
  readonly isRuntime: boolean;
}

/** The methods of Spack's `PackageViewMixin`, and the property that decides the place of an extension. */
const VIEW_METHODS =
  /^\s+def\s+(view_source|view_destination|view_file_conflicts|add_files_to_view|remove_files_from_view|extendee_spec)\b/m;

/** Packages of Spack's own recipes with such methods. */
const WITH_VIEW_METHODS = new Set(["python", "python-venv", "nektar"]);

/** Base classes of Python extensions, which have such methods. */
const PYTHON_CLASSES = new Set(["PythonExtension", "PythonPackage"]);

/** What packages of a build system extend (Spack: `build_systems` of its recipes). */
const EXTENDED_BY_CLASS: ReadonlyMap<string, readonly string[]> = new Map([
  ["PythonExtension", ["python"]],
  ["PythonPackage", ["python"]],
  ["SIPPackage", ["python"]],
  ["PerlPackage", ["perl"]],
  ["RPackage", ["r"]],
  ["RubyPackage", ["ruby"]],
  ["OctavePackage", ["octave"]],
  ["LuaPackage", ["lua", "lua-luajit", "lua-luajit-openresty"]],
  ["RacketPackage", ["racket"]],
  ["AspellDictPackage", ["aspell"]],
]);

/** Everything that packages extend in Spack's own recipes, for recipes that inherit from other packages. */
const EXTENDEES = new Set([
  ...[...EXTENDED_BY_CLASS.values()].flat(),
  ..."julia openjdk tcl thunar visit".split(" "),
]);

/** Packages with the tag `runtime` in Spack's own recipes. */
const RUNTIMES = new Set(["compiler-wrapper", "gcc-runtime", "glibc", "intel-oneapi-runtime", "musl"]);

/**
 * @param name of the package
 * @param text of its recipe, if there is one; without it, only what Spack's own recipes do is known
 */
export function readTraits(name: string, text = ""): RecipeTraits {
  const code = text.replace(/^\s*#.*$/gm, "");
  const bases = baseClasses(code);
  const parents = inheritedPackages(code);
  return {
    viewMethods: viewMethodsOf(name, code, { bases, parents }),
    extendees: new Set([
      ...[...code.matchAll(/\bextends\(\s*["']([A-Za-z0-9_-]+)/g)].map(([, extended = ""]) => extended),
      ...bases.flatMap((base) => EXTENDED_BY_CLASS.get(base) ?? []),
      ...(parents.length > 0 ? EXTENDEES : []),
      ...(text === "" && name.startsWith("py-") ? ["python"] : []),
    ]),
    isRuntime: RUNTIMES.has(name) || /^\s+tags\s*=\s*\[[^\]]*["']runtime["']/m.test(code),
  };
}

function viewMethodsOf(
  name: string,
  code: string,
  { bases, parents }: { readonly bases: readonly string[]; readonly parents: readonly InheritedPackage[] },
): RecipeTraits["viewMethods"] {
  if (WITH_VIEW_METHODS.has(name) || VIEW_METHODS.test(code) || usesOtherBuildSystem(code)) return "always";
  if (parents.some((parent) => !parent.isKnown)) return "always";
  const isPython =
    bases.some((base) => PYTHON_CLASSES.has(base)) ||
    parents.some((parent) => parent.name.startsWith("py-")) ||
    (code === "" && name.startsWith("py-"));
  return isPython ? "with-python" : "none";
}

/** The last names of all classes that the recipe's classes inherit from. */
function baseClasses(code: string): string[] {
  return [...code.matchAll(/^class\s+\w+\s*\(([^)]*)\)/gm)].flatMap(([, bases = ""]) =>
    bases.split(",").map((base) => base.trim().split(".").at(-1) ?? ""),
  );
}

interface InheritedPackage {
  readonly name: string;
  /** Whether it is one of Spack's own recipes, and without view methods. */
  readonly isKnown: boolean;
}

/** Packages whose recipes the recipe imports, to inherit from them. */
function inheritedPackages(code: string): InheritedPackage[] {
  const imports = code.matchAll(/^\s*(?:from|import)\s+(?:spack_repo|spack\.pkg)\.([\w.]+)/gm);
  return [...imports].flatMap(([, module = ""]) => {
    const parts = module.split(".");
    if (parts.includes("build_systems")) return [];
    const [namespace, name = ""] = parts.filter((part) => part !== "packages" && part !== "package");
    const readable = name.replace(/^_(?=\d)/, "").replaceAll("_", "-");
    return [{ name: readable, isKnown: namespace === "builtin" && !WITH_VIEW_METHODS.has(readable) }];
  });
}

/** Whether it uses a build system that is not one of Spack's own. */
function usesOtherBuildSystem(code: string): boolean {
  const imports = code.matchAll(/^\s*(?:from|import)\s+spack_repo\.([\w.]+?)\.build_systems\b/gm);
  return [...imports].some(([, namespace]) => namespace !== "builtin");
}
