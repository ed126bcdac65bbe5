// Finds what different or unpadded roots will break.

import { describePackage } from "../../events/events.js";
import type { AuditedPackage } from "../../provenance/audit-package.js";

/**
 * - `mixed-roots`: packages of one buildcache, or a package and its run dependencies, were packed below different
 *   roots
 * - `short-root`: a root is shorter than others, or has no padding
 * - `foreign-prefix`: packages refer to paths of packages outside of the root that they were packed below
 * - `unknown-root`: a layer does not reveal its root
 */
type RootFindingKind = "mixed-roots" | "short-root" | "foreign-prefix" | "unknown-root";

export interface RootFinding {
  readonly kind: RootFindingKind;
  /** The root in question; undefined if there are several, or it is unknown. */
  readonly root: string | undefined;
  /** The number of affected packages, and the tags of the first of them. */
  readonly packages: number;
  readonly tags: readonly string[];
  /** What will break, as a sentence. */
  readonly what: string;
  /** How to fix it. */
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
  "mixed-roots": `Run "spack-oci repair" to relocate them below one root.`,
  "short-root": "Rebuild them below a padded root (config:install_tree:padded_length), and push them again.",
  "foreign-prefix": "Push their dependencies from the same store, without upstreams.",
  "unknown-root": `Add "--deep" to read whole layers.`,
};

/** The maximum number of tags in a finding. */
const MAX_TAGS = 5;

/** Roots with their packages, the root with the most packages first. */
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
    ...roots.flatMap((root) => shortRoot(root, maxRootLength(roots))),
    ...roots.flatMap(foreignPrefixes),
    ...findingOn(
      { kind: "unknown-root", root: undefined },
      unknown,
      "do not reveal the root that they were packed below",
    ),
  ];
}

function mixedRoots(packages: readonly AuditedPackage[], roots: readonly RootSummary[]): RootFinding[] {
  if (roots.length < 2) return [];
  const rootOf = new Map(packages.map((each) => [each.package.hash, each.place?.root]));
  const mixed = packages.filter(({ place, runtimeDependencies }) =>
    runtimeDependencies.some((hash) => {
      const other = rootOf.get(hash);
      return place !== undefined && other !== undefined && other !== place.root;
    }),
  );
  const named = roots.map(({ root, packages: below }) => `${root}/ (${below.length})`).join(", ");
  const consequence =
    mixed.length === 0
      ? "images of packages from several of them mix roots"
      : `${countOf(mixed)} with packages below another root, and images of them mix roots`;
  const what = `the packages were packed below ${roots.length} roots: ${named}; ${consequence}`;
  const hint = HINTS["mixed-roots"];
  return [{ kind: "mixed-roots", root: undefined, ...counted(mixed), what, hint }];
}

/** C strings in binaries cannot grow, nor can the paths in them (Spack: relocate_text.py, `CannotGrowString`). */
function shortRoot({ root, paddedLength, packages }: RootSummary, max: number): RootFinding[] {
  const length = [...root].length;
  if (paddedLength !== undefined && length >= max) return [];
  const affected = packages.filter(({ hasBinaries }) => hasBinaries !== false);
  const why =
    paddedLength === undefined ? "is not padded" : `is shorter than others, which have up to ${max}`;
  const what = `cannot be pulled into roots longer than ${length} characters if their binaries contain paths: ${root}/ ${why}`;
  return findingOn({ kind: "short-root", root }, affected, what);
}

function foreignPrefixes({ root, packages }: RootSummary): RootFinding[] {
  const isForeign = (prefix: string) => !prefix.startsWith(`${root}/`);
  const named = packages.filter(({ otherPrefixes = [] }) => otherPrefixes.some(isForeign));
  const example = named[0]?.otherPrefixes?.find(isForeign);
  const what = `below ${root}/ refer to packages outside of it, such as ${example}; their images do not have that path`;
  return findingOn({ kind: "foreign-prefix", root }, named, what);
}

function countOf({ length }: readonly AuditedPackage[]): string {
  return length === 1 ? "1 package runs" : `${length} packages run`;
}

/** A finding about packages; none if there are no packages. */
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

function maxRootLength(roots: readonly RootSummary[]): number {
  return roots.reduce((max, { root }) => Math.max(max, [...root].length), 0);
}
