// What roots that differ, or leave no room, will break.

import { describePackage } from "../../events/events.js";
import type { AuditedPackage } from "../../provenance/audit-package.js";

/**
 * - `mixed-roots`: packages of one buildcache, or one package and what it runs with, were packed below different roots
 * - `short-root`: a root has less room than others, or none to grow
 * - `foreign-prefix`: packages name paths of packages outside of the root that they were packed below
 * - `unknown-root`: a layer does not tell its root
 */
type RootFindingKind = "mixed-roots" | "short-root" | "foreign-prefix" | "unknown-root";

export interface RootFinding {
  readonly kind: RootFindingKind;
  /** The root that it is about; undefined where it is about several, or unknown. */
  readonly root: string | undefined;
  /** How many packages it is about, and the tags of the first of them. */
  readonly packages: number;
  readonly tags: readonly string[];
  /** What will break, as a sentence. */
  readonly what: string;
  /** What to do about it. */
  readonly hint: string;
}

/** The packages below one root. */
export interface RootSummary {
  readonly root: string;
  readonly unpaddedRoot: string;
  readonly paddedLength: number | undefined;
  readonly packages: readonly AuditedPackage[];
}

const HINTS: Record<RootFindingKind, string> = {
  "mixed-roots": `Put them below one root with "spack-oci repair".`,
  "short-root":
    "Build them below a root that is padded (config:install_tree:padded_length), and push them again.",
  "foreign-prefix": "Push what they need from the same store, without upstreams.",
  "unknown-root": `Read them whole with "--deep".`,
};

/** How many tags a finding has. */
const MAX_TAGS = 5;

/** Roots with their packages, the root of most packages first. */
export function rootsOf(packages: readonly AuditedPackage[]): RootSummary[] {
  const byRoot = new Map<string, AuditedPackage[]>();
  for (const each of packages) {
    if (each.place === undefined) continue;
    const below = byRoot.get(each.place.root);
    if (below === undefined) byRoot.set(each.place.root, [each]);
    else below.push(each);
  }
  return [...byRoot]
    .map(([root, below]) => ({
      root,
      unpaddedRoot: below[0]?.place?.unpaddedRoot ?? root,
      paddedLength: below[0]?.place?.paddedLength,
      packages: below,
    }))
    .sort((one, other) => other.packages.length - one.packages.length || (one.root < other.root ? -1 : 1));
}

export function rootFindings(
  packages: readonly AuditedPackage[],
  roots: readonly RootSummary[],
): RootFinding[] {
  const unknown = packages.filter(({ place }) => place === undefined);
  return [
    ...mixedRoots(packages, roots),
    ...roots.flatMap((root) => shortRoot(root, longest(roots))),
    ...roots.flatMap(foreignPrefixes),
    ...findingOn(
      { kind: "unknown-root", root: undefined },
      unknown,
      "do not tell the root that they were packed below",
    ),
  ];
}

function mixedRoots(packages: readonly AuditedPackage[], roots: readonly RootSummary[]): RootFinding[] {
  if (roots.length < 2) return [];
  const rootOf = new Map(packages.map((each) => [each.package.hash, each.place?.root]));
  const torn = packages.filter(({ place, runtimeDependencies }) =>
    runtimeDependencies.some((hash) => {
      const other = rootOf.get(hash);
      return place !== undefined && other !== undefined && other !== place.root;
    }),
  );
  const named = roots.map(({ root, packages: below }) => `${root}/ (${below.length})`).join(", ");
  const consequence =
    torn.length === 0
      ? "images of packages from several of them mix roots"
      : `${countOf(torn)} with packages below another root, and images of them mix roots`;
  const what = `the packages were packed below ${roots.length} roots: ${named}; ${consequence}`;
  const hint = HINTS["mixed-roots"];
  return [{ kind: "mixed-roots", root: undefined, ...counted(torn), what, hint }];
}

/** C strings in binaries keep their length: what they name cannot get longer (Spack: relocate_text.py, `CannotGrowString`). */
function shortRoot({ root, paddedLength, packages }: RootSummary, most: number): RootFinding[] {
  const length = [...root].length;
  if (paddedLength !== undefined && length >= most) return [];
  const stiff = packages.filter(({ hasBinaries }) => hasBinaries !== false);
  const why =
    paddedLength === undefined ? "is not padded" : `is shorter than others, which have up to ${most}`;
  const what = `cannot be pulled into roots longer than ${length} characters where their binaries name paths: ${root}/ ${why}`;
  return findingOn({ kind: "short-root", root }, stiff, what);
}

function foreignPrefixes({ root, packages }: RootSummary): RootFinding[] {
  const isForeign = (prefix: string) => !prefix.startsWith(`${root}/`);
  const named = packages.filter(({ otherPrefixes = [] }) => otherPrefixes.some(isForeign));
  const example = named[0]?.otherPrefixes?.find(isForeign);
  const what = `below ${root}/ name packages outside of it, such as ${example}; their images have no such path`;
  return findingOn({ kind: "foreign-prefix", root }, named, what);
}

function countOf({ length }: readonly AuditedPackage[]): string {
  return length === 1 ? "1 package runs" : `${length} packages run`;
}

/** A finding whose subject are packages; none where there are none. */
function findingOn(
  { kind, root }: Pick<RootFinding, "kind" | "root">,
  packages: readonly AuditedPackage[],
  what: string,
): RootFinding[] {
  const [first] = packages;
  if (first === undefined) return [];
  const subject = packages.length === 1 ? describePackage(first.package) : `${packages.length} packages`;
  return [{ kind, root, ...counted(packages), what: `${subject} ${what}`, hint: HINTS[kind] }];
}

function counted(packages: readonly AuditedPackage[]): Pick<RootFinding, "packages" | "tags"> {
  return { packages: packages.length, tags: packages.slice(0, MAX_TAGS).map(({ tag }) => tag) };
}

function longest(roots: readonly RootSummary[]): number {
  return roots.reduce((most, { root }) => Math.max(most, [...root].length), 0);
}
