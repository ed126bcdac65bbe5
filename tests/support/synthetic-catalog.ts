// A catalog of a large buildcache as one could be: stacks for several machines, each concretized as a whole, with a few
// versions and variants of each package.

import { createHash } from "node:crypto";
import type { SiteCatalog, SitePackage, SiteSpec } from "@spack-oci/site";
import { PACKAGE_NAMES } from "./package-names.js";
import { seededRandom } from "./seeded-random.js";

/** A machine and a compiler that everything is built for. */
const STACKS = [
  ["ubuntu22.04", "x86_64_v3", "12.3.0"],
  ["ubuntu22.04", "x86_64_v4", "13.2.0"],
  ["ubuntu24.04", "x86_64_v3", "14.2.0"],
  ["rhel9", "neoverse_v2", "13.2.0"],
  ["rhel9", "zen4", "14.2.0"],
  ["sles15", "zen3", "12.3.0"],
] as const;
const SYLLABLES = [
  "a",
  "be",
  "co",
  "da",
  "el",
  "fi",
  "ga",
  "hy",
  "in",
  "ka",
  "lo",
  "mu",
  "ne",
  "or",
  "py",
  "sil",
  "tra",
  "ve",
];
const VARIANTS = [
  "shared",
  "static",
  "mpi",
  "openmp",
  "pic",
  "cuda",
  "hdf5",
  "fortran",
  "python",
  "threads",
  "ssl",
  "doc",
];
const BUILD_SYSTEMS = ["cmake", "autotools", "makefile", "meson", "python_pip"];
const FIRST_PUSH = Date.UTC(2025, 0, 6);
const SECONDS = 480 * 86_400;

/** A package of which there are builds. */
interface Recipe {
  readonly name: string;
  readonly versions: readonly string[];
  readonly variants: readonly string[];
  readonly buildSystem: string;
  /** Bytes of the layer of one build, more or less. */
  readonly size: number;
  /** Recipes before this one. */
  readonly needs: readonly { readonly recipe: number; readonly types: readonly string[] }[];
}

/** The same catalog for the same count. Packages that nothing tells apart but their dependencies are among them. */
export function syntheticCatalog(count: number, seed = 1): SiteCatalog {
  const random = seededRandom(seed);
  const perRecipe = STACKS.length * 2.2;
  const recipes = makeRecipes(Math.ceil(count / perRecipe), random);
  const packages: SitePackage[] = [];
  const others: SiteSpec[] = [];
  const machines = STACKS.map((stack) => makeStack(stack, random));
  for (const { compiler, libc } of machines) others.push(compiler, libc);
  for (let at = 0; packages.length < count; at += 1) {
    const machine = machines[at % machines.length] as Machine;
    for (const [number, recipe] of recipes.entries()) {
      if (packages.length === count) break;
      // Only some packages are built again for another release of a stack.
      if (at >= machines.length && random() < 0.35) continue;
      const built = buildOf(recipe, machine, random);
      machine.builds[number] = built;
      packages.push(built);
    }
  }
  return {
    version: 1,
    mirror: "oci://ghcr.io/example/large-buildcache",
    read: "2026-11-30T06:00:00.000Z",
    packages: packages.sort(bySpec),
    others: others.sort(bySpec),
    findings: [],
  };
}

interface Machine {
  readonly os: string;
  readonly target: string;
  readonly compiler: SiteSpec;
  readonly libc: SiteSpec;
  /** The latest build of each recipe. */
  readonly builds: SitePackage[];
}

function makeStack([os, target, gcc]: (typeof STACKS)[number], random: () => number): Machine {
  const external = (name: string, version: string): SiteSpec => ({
    ...specOf({ name, version, hash: hashOf(random), os, target }),
    external: true,
  });
  return { os, target, compiler: external("gcc", gcc), libc: external("glibc", "2.38"), builds: [] };
}

function makeRecipes(count: number, random: () => number): Recipe[] {
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = <T>(list: readonly T[]) => list[below(list.length)] as T;
  const names = new Set(PACKAGE_NAMES);
  while (names.size < count) {
    const stem = Array.from({ length: 2 + below(3) }, () => pick(SYLLABLES)).join("");
    names.add(random() < 0.3 ? `py-${stem}` : stem);
  }
  return [...names].slice(0, count).map((name, at) => ({
    name,
    versions: Array.from({ length: 1 + below(3) }, () => `${1 + below(9)}.${below(20)}.${below(10)}`),
    variants: [...new Set(Array.from({ length: 1 + below(6) }, () => pick(VARIANTS)))].sort(),
    buildSystem: pick(BUILD_SYSTEMS),
    size: 10 ** (4 + 4.5 * random() ** 1.5),
    needs: [
      ...new Set(
        Array.from({ length: Math.min(at, 1 + below(9)) }, () =>
          random() < 0.5 ? below(Math.min(at, 40)) : below(at),
        ),
      ),
    ]
      .sort((one, other) => one - other)
      .map((recipe) => ({ recipe, types: pick([["build"], ["build", "link"], ["link"], ["build", "run"]]) })),
  }));
}

function buildOf(recipe: Recipe, machine: Machine, random: () => number): SitePackage {
  const { name, versions, variants, buildSystem, needs } = recipe;
  const hash = hashOf(random);
  const version = versions[Math.floor(random() * versions.length)] ?? "1.0";
  const { os, target, compiler, libc, builds } = machine;
  const edge = (to: SiteSpec, types: readonly string[], virtuals: readonly string[] = []) => {
    return { hash: to.hash, types, virtuals, direct: false };
  };
  const needed = needs.flatMap(({ recipe: number, types }) => {
    const dependency = builds[number];
    return dependency === undefined ? [] : [edge(dependency, types)];
  });
  const prefix = `/opt/spack/linux-${target}/${name}-${version}-${hash}`;
  const size = Math.floor(recipe.size * (0.8 + 0.4 * random()));
  return {
    ...specOf({ name, version, hash, os, target }),
    parameters: {
      build_system: buildSystem,
      ...Object.fromEntries(variants.map((variant) => [variant, random() < 0.5])),
      cflags: [],
      cxxflags: [],
    },
    dependencies: [...needed, edge(compiler, ["build"], ["c", "cxx"]), edge(libc, ["link"], ["libc"])],
    tag: `${name}-${version}-${hash}.spack`,
    image: {
      manifest: digestOf(hash),
      layer: {
        digest: digestOf(`layer ${hash}`),
        size,
        mediaType: "application/vnd.oci.image.layer.v1.tar+gzip",
      },
      layers: { count: needed.length + 1, size: size * 3 },
      packed: new Date(FIRST_PUSH + Math.floor(random() * SECONDS) * 1000).toISOString(),
      authors: null,
      spackVersion: "1.1.0",
      place: { prefix, root: "/opt/spack", unpaddedRoot: "/opt/spack", paddedLength: null },
      environment: [`PATH=${prefix}/bin:/usr/bin:/bin`],
      referrers: [],
    },
  };
}

type SpecMembers = Pick<SiteSpec, "name" | "version" | "hash"> & {
  readonly os: string;
  readonly target: string;
};

function specOf({ os, target, ...rest }: SpecMembers): SiteSpec {
  return {
    ...rest,
    namespace: "builtin",
    architecture: { platform: "linux", os, target },
    parameters: {},
    propagated: [],
    patches: [],
    external: false,
    origin: { specVersion: 5 },
    dependencies: [],
  };
}

function hashOf(random: () => number): string {
  const letters = "abcdefghijklmnopqrstuvwxyz234567";
  return Array.from({ length: 32 }, () => letters[Math.floor(random() * 32)]).join("");
}

function digestOf(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

function bySpec(one: SiteSpec, other: SiteSpec): number {
  if (one.name !== other.name) return one.name < other.name ? -1 : 1;
  if (one.version !== other.version) return one.version < other.version ? -1 : 1;
  return one.hash < other.hash ? -1 : 1;
}
