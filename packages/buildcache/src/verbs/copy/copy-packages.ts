// Copies package by package between mirrors of different kinds: archives are unchanged, everything around them is
// made again.
//
// choose -> planPackages -> (read -> send -> publish) -> updateIndex

import type { SpecNode } from "@spack-oci/spack-spec";
import { absentAtRunTime, wantedPackages } from "../../catalog/package-sets.js";
import { describePackage } from "../../events/events.js";
import { orFailed } from "../../failures/failure.js";
import { packageTag } from "../../package-image/tags.js";
import type { Run } from "../../schedule/run.js";
import { type PackageResult, runPackages } from "../../schedule/run-packages.js";
import type { PackageEntry, PackageSink, PackageSource } from "../../sources/package-source.js";
import type { CopyRequest } from "./copy-request.js";
import type { CopyResult } from "./copy-result.js";
import type { TagResult } from "./copy-tags.js";

/**
 * A package that fails does not stop the others: as after a push, images of its dependents lack its layer.
 *
 * @throws SpackOciError if a mirror is missing or unreachable, or a spec matches nothing
 */
export async function copyPackages(
  { source, sink }: { readonly source: PackageSource; readonly sink: PackageSink },
  request: CopyRequest,
  run: Run,
): Promise<CopyResult> {
  const { listener, signal } = run;
  const contents = await source.choose(request, run);
  const exists = await sink.existing(run);
  const { todo, present, absent } = planPackages(contents, request, (node) => exists(contents.graph, node));
  listener?.({ type: "planned", todo: todo.length, present: present.length });
  for (const node of absent) {
    const message = `${describePackage(node)} is not in ${source.name}; packages that depend on it are copied without it.`;
    listener?.({ type: "warning", message });
  }
  const planned = {
    destination: sink.name,
    planned: todo.map(packageTag),
    present: present.map(packageTag),
    absent,
    surplus: [],
    deleted: [],
  };
  if (request.dryRun === true) return { ...planned, tags: [], unverified: [], index: undefined };

  const writer = await sink.open({ ...contents, source, todo, present }, run);
  const unverified: string[] = [];
  const packages = await runPackages<SpecNode, PackageEntry>({
    items: todo,
    nodeOf: (node) => node,
    dependenciesOf: (node) => writer.dependenciesOf(node),
    start: async (node) => {
      const entry = await source.read(contents.graph, node, signal);
      await writer.send(node, entry);
      return entry;
    },
    finish: async (node, entry) => {
      await writer.publish(node, entry);
      if (entry.isUnverified) unverified.push(packageTag(node));
      return entry.archive.size;
    },
    onFailure: "continue",
    run,
  });
  if (unverified.length > 0) {
    const message = `${unverified.length} packages are signed; their signatures were not verified.`;
    listener?.({ type: "warning", message });
  }
  const tags = packages.map((result, at) => tagResult(planned.planned[at] ?? "", result));
  // If every package failed, there may not even be a mirror.
  const isWorthwhile = present.length > 0 || tags.length === 0 || tags.some(isCopied);
  const index = isWorthwhile ? await orFailed(() => writer.updateIndex(), signal) : undefined;
  return { ...planned, tags, unverified, index };
}

function isCopied({ outcome }: TagResult): boolean {
  return outcome === "copied";
}

function tagResult(tag: string, result: PackageResult): TagResult {
  if (result.outcome === "failed") return { tag, outcome: "failed", error: result.error };
  if (result.outcome === "skipped") return { tag, outcome: "skipped", because: result.because };
  const { bytes, seconds } = result.outcome === "done" ? result : { bytes: 0, seconds: 0 };
  return { tag, outcome: "copied", bytes, seconds };
}

interface PackagePlan {
  /** Packages to copy; dependencies before dependents. */
  readonly todo: readonly SpecNode[];
  readonly present: readonly SpecNode[];
  /** Run-time dependencies that the source does not have. */
  readonly absent: readonly SpecNode[];
}

/** Pure: it reads and writes nothing. */
function planPackages(
  { graph, packages, roots }: Awaited<ReturnType<PackageSource["choose"]>>,
  request: CopyRequest,
  isPresent: (node: SpecNode) => boolean,
): PackagePlan {
  const available = new Set(packages.map((node) => node.hash));
  const isAvailable = ({ hash }: SpecNode) => available.has(hash);
  const wanted = wantedPackages(graph, roots, request);
  const found = wanted.filter(isAvailable);
  return {
    todo: found.filter((node) => !isPresent(node)),
    present: found.filter(isPresent),
    absent: absentAtRunTime({ graph, roots, wanted }, isAvailable),
  };
}
