// The one report of all packages that cannot be relocated, before anything is sent.

import { SpackOciError } from "@spack-oci/errors";
import type { RelocationProblem } from "@spack-oci/spack-tarball";
import { describePackage, type PackageName } from "../events/events.js";
import { describeInstallTree, type InstallTree } from "./install-tree.js";
import type { RelocatedPackage } from "./relocated-package.js";

/** A package with everything that stands in its way. */
export interface UnrelocatablePackage {
  readonly package: PackageName;
  /** The root that it was built or installed below. */
  readonly root: string;
  readonly problems: readonly RelocationProblem[];
}

/** Lists every package, file, offset and string. */
export class UnrelocatableError extends SpackOciError {
  readonly packages: readonly UnrelocatablePackage[];

  constructor(tree: InstallTree, packages: readonly UnrelocatablePackage[]) {
    const { root } = tree.store;
    const count = packages.length === 1 ? "1 package has" : `${packages.length} packages have`;
    const lines = packages.flatMap((each) => [describeRoot(each), ...each.problems.map(describeProblem)]);
    super("ERR_UNRELOCATABLE", [`${count} no room for paths below ${root}:`, ...lines].join("\n"), {
      kind: "failed",
      place: root,
      hint: hintFor(tree, packages),
    });
    this.name = "UnrelocatableError";
    this.packages = packages;
  }
}

/** The error of all packages that something stands in the way of; undefined where there are none. */
export function unrelocatable(
  tree: InstallTree,
  examined: Iterable<RelocatedPackage>,
): UnrelocatableError | undefined {
  const packages = [...examined].flatMap(({ node, move, problems }) => {
    const { name, version, hash } = node;
    const found = { package: { name, version, hash }, root: move.from.buildPath, problems };
    return problems.length > 0 ? [found] : [];
  });
  return packages.length > 0 ? new UnrelocatableError(tree, packages) : undefined;
}

/** What becomes of one of them. */
export function blockedPackage({ package: name, problems }: UnrelocatablePackage): SpackOciError {
  const files = new Set(problems.map(({ file }) => file)).size;
  const message = `${problems.length} strings in ${files} files of ${describePackage(name)} cannot be relocated.`;
  return new SpackOciError("ERR_RELOCATION_BLOCKED", message, {
    kind: "failed",
    place: describePackage(name),
    hint: "The report before it lists them, and what to do.",
  });
}

function describeRoot({ package: name, root }: UnrelocatablePackage): string {
  return `${describePackage(name)}, below ${root}:`;
}

function describeProblem({ file, offset, oldPrefix, newPrefix, found, reason }: RelocationProblem): string {
  const [old, wanted] = [Buffer.byteLength(oldPrefix), Buffer.byteLength(newPrefix)];
  const why =
    reason === "cannot-grow"
      ? `${wanted} bytes in the place of ${old}`
      : `${wanted} bytes in the place of ${old}, and other strings may share its end`;
  return `  ${file}, byte ${offset}: ${found} (${why})`;
}

/** One that is longer by more than seven bytes has room for all of its strings, whatever they end with. */
function hintFor(tree: InstallTree, packages: readonly UnrelocatablePackage[]): string {
  const length = Buffer.byteLength(tree.store.root);
  const growing = packages.some(({ problems }) => problems.some(({ reason }) => reason === "cannot-grow"));
  const shortest = Math.min(...packages.map(({ root }) => Buffer.byteLength(root)));
  const rebuild = `Build them again with config:install_tree:padded_length of at least ${length + 8}`;
  const shorter = growing ? `, or use a mirror whose root has at most ${shortest} bytes` : "";
  return `${rebuild}${shorter} (this one has ${describeInstallTree(tree)}).`;
}
