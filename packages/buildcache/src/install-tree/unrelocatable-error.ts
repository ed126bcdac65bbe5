// Reports all packages that cannot be relocated in one error, before anything is sent.

import { SpackOciError } from "@spack-oci/errors";
import { type RelocationProblem, whyBlocked } from "@spack-oci/spack-tarball";
import { describePackage, type PackageName } from "../events/events.js";
import { describeInstallTree, type InstallTree } from "./install-tree.js";
import type { RelocatedPackage } from "./relocated-package.js";

/** A package with all the problems that prevent its relocation. */
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

/** One error for all packages with problems; undefined if there are none. */
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

/** The error of one of these packages. */
export function blockedPackage({ package: name, problems }: UnrelocatablePackage): SpackOciError {
  const files = new Set(problems.map(({ file }) => file)).size;
  const strings = problems.length === 1 ? "1 string" : `${problems.length} strings`;
  const where = files === 1 ? "1 file" : `${files} files`;
  const message = `${strings} in ${where} of ${describePackage(name)} cannot be relocated.`;
  return new SpackOciError("ERR_RELOCATION_BLOCKED", message, {
    kind: "failed",
    place: describePackage(name),
    hint: "See the preceding report for the strings, and for how to fix them.",
  });
}

function describeRoot({ package: name, root }: UnrelocatablePackage): string {
  return `${describePackage(name)}, below ${root}:`;
}

function describeProblem(problem: RelocationProblem): string {
  return `  ${problem.file}, byte ${problem.offset}: ${problem.found} (${whyBlocked(problem)})`;
}

/** A root that is longer by more than seven bytes has room for all strings, regardless of their ends. */
function hintFor(tree: InstallTree, packages: readonly UnrelocatablePackage[]): string {
  const length = Buffer.byteLength(tree.store.root);
  const growing = packages.some(({ problems }) => problems.some(({ reason }) => reason !== "cannot-shrink"));
  const minLength = Math.min(...packages.map(({ root }) => Buffer.byteLength(root)));
  const rebuild = `Rebuild them with config:install_tree:padded_length of at least ${length + 8}`;
  const shorter = growing ? `, or use a buildcache whose root has at most ${minLength} bytes` : "";
  return `${rebuild}${shorter} (this one has ${describeInstallTree(tree)}).`;
}
