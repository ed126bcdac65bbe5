// Which names are virtual packages, and which packages provide them. Spack looks this up in its package repository.

import { isConcrete, type Spec } from "../model/spec.js";

interface Provision {
  readonly virtual: string;
  /** The variant and value that the package must have to provide it. */
  readonly when?: readonly [name: string, value: string | boolean];
}

// Compilers and C libraries, which most specs depend on; for other packages, edges show what they provide.
const PROVISIONS: Readonly<Record<string, readonly Provision[]>> = {
  gcc: [
    { virtual: "c", when: ["languages", "c"] },
    { virtual: "cxx", when: ["languages", "c++"] },
    { virtual: "fortran", when: ["languages", "fortran"] },
  ],
  llvm: [
    { virtual: "c", when: ["clang", true] },
    { virtual: "cxx", when: ["clang", true] },
    { virtual: "fortran", when: ["flang", true] },
  ],
  "apple-clang": languages("c", "cxx"),
  acfl: languages("c", "cxx", "fortran"),
  aocc: languages("c", "cxx", "fortran"),
  cce: languages("c", "cxx", "fortran"),
  fj: languages("c", "cxx", "fortran"),
  "intel-oneapi-compilers": languages("c", "cxx", "fortran"),
  "intel-oneapi-compilers-classic": languages("c", "cxx", "fortran"),
  "llvm-amdgpu": languages("c", "cxx", "fortran"),
  msvc: languages("c", "cxx", "fortran"),
  nag: languages("fortran"),
  nvhpc: languages("c", "cxx", "fortran"),
  xl: languages("c", "cxx", "fortran"),
  glibc: languages("libc", "iconv"),
  musl: languages("libc", "iconv"),
};

const KNOWN_VIRTUALS = new Set(
  Object.values(PROVISIONS).flatMap((list) => list.map(({ virtual }) => virtual)),
);

/**
 * Whether `name` is a virtual package, as far as this table or the graph of `spec` shows.
 *
 * @example
 * ```ts
 * import { isVirtual, parseSpec } from "@spack-oci/spack-spec";
 *
 * console.log(isVirtual("cxx", parseSpec("zlib"))); // true
 * ```
 */
export function isVirtual(name: string, spec: Spec): boolean {
  return KNOWN_VIRTUALS.has(name) || (isConcrete(spec) && spec.graphVirtuals.has(name));
}

/**
 * Whether a package is a compiler or a C library, which provides virtual packages even if no edge shows it.
 *
 * @example
 * ```ts
 * import { isKnownProvider } from "@spack-oci/spack-spec";
 *
 * console.log(isKnownProvider("gcc"), isKnownProvider("zlib")); // true false
 * ```
 */
export function isKnownProvider(name: string): boolean {
  return Object.hasOwn(PROVISIONS, name);
}

/** Whether the package of `spec` provides the virtual package `name`. */
export function provides(spec: Spec, name: string): boolean {
  if (isConcrete(spec) && spec.provides(name)) return true;
  const known = isKnownProvider(spec.name) ? PROVISIONS[spec.name] : undefined;
  return (
    known?.some(
      ({ virtual, when }) => virtual === name && (when === undefined || hasValue(spec, ...when)),
    ) === true
  );
}

function hasValue(spec: Spec, name: string, value: string | boolean): boolean {
  return spec.variants.get(name)?.values.includes(value) === true;
}

function languages(...virtuals: readonly string[]): readonly Provision[] {
  return virtuals.map((virtual) => ({ virtual }));
}
