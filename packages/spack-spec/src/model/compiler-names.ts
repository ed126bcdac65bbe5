// Names of compilers before Spack 1.0, which spec strings still use after `%`.

const PACKAGE_NAMES: Readonly<Record<string, string>> = {
  clang: "llvm",
  oneapi: "intel-oneapi-compilers",
  rocmcc: "llvm-amdgpu",
  intel: "intel-oneapi-compilers-classic",
  arm: "acfl",
};

/** The package of the compiler formerly named `name`: `llvm` for `clang` (`spack/aliases.py`). */
export function compilerPackageName(name: string): string {
  return Object.hasOwn(PACKAGE_NAMES, name) ? (PACKAGE_NAMES[name] ?? name) : name;
}

/** The former name of the compiler `name`, or undefined if it has not changed. */
export function legacyCompilerName(name: string): string | undefined {
  return Object.keys(PACKAGE_NAMES).find((legacy) => PACKAGE_NAMES[legacy] === name);
}
