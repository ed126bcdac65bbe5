// The verb check: verifies that everything a buildcache lists can be installed.

import { runtimeClosure } from "@spack-oci/spack-spec";
import { findPackages } from "../../catalog/find-packages.js";
import type { Finding } from "../../findings/finding.js";
import { hashInTag, INDEX_TAG, isPackageTag, packageTag } from "../../package-image/tags.js";
import { allTags } from "../../package-index/all-tags.js";
import type { Buildcache, Run, VerbContext } from "../../schedule/run.js";
import { checkTag, type ImageCheckContext } from "./check-image.js";
import { ContentCheck, type ContentCount } from "./content-check.js";
import { DependencyCheck } from "./dependency-check.js";
import { HashCheck } from "./hash-check.js";
import { IndexCheck } from "./index-check.js";

export interface CheckRequest {
  /** As on a command line; every tag if empty. */
  readonly specs: readonly string[];
  /** Reads every byte, and verifies digests, diff_ids, and whose package each layer is, too. */
  readonly deep?: boolean | undefined;
}

/** What was checked, and the problems found. */
export interface CheckResult {
  /** Packages that could be read. */
  readonly packages: number;
  /** Tags of all kinds, except for the index. */
  readonly tags: number;
  readonly content: ContentCount;
  /** Sorted by tag. */
  readonly findings: readonly Finding[];
}

/**
 * Checks every tag, or the packages that specs name with their link and run dependencies. No finding stops it. Memory
 * holds the index, the names of tags and digests, and as many specs as packages are in flight.
 *
 * @throws SpackOciError if tags cannot be listed, and `ERR_SPEC_NOT_FOUND`
 *
 * @example
 * ```ts
 * import { check, createScheduler, openSession } from "@spack-oci/buildcache";
 *
 * const session = openSession({ environmentVariables: process.env });
 * const mirror = session.mirrors.open("oci-layout:buildcache", "fetch");
 * const { packages, findings } = await check(mirror, { specs: [] }, { run: { scheduler: createScheduler(4) } });
 * console.log(packages, findings.length); // 20 0
 * ```
 */
export async function check(
  target: Buildcache,
  { specs, deep = false }: CheckRequest,
  { run }: VerbContext,
): Promise<CheckResult> {
  const { scheduler, listener, signal } = run;
  const findings: Finding[] = [];
  const report = (finding: Finding) => {
    findings.push(finding);
    listener?.({ type: "finding", finding });
  };
  const tags = [...(await allTags(target, signal))].filter((tag) => tag !== INDEX_TAG);
  const index = await IndexCheck.open(target, report, signal);
  const chosen = specs.length === 0 ? tags : await tagsOf(target, { specs, tags }, run);
  const dependencies = new DependencyCheck(tags);
  const content = new ContentCheck(target, deep, run);
  const hashes = new HashCheck(target, run);
  const context: ImageCheckContext = { target, content, hashes, report, run };
  let packages = 0;
  const checkOne = async (tag: string) => {
    const document = await checkTag(tag, context);
    listener?.({ type: "checked", tag });
    if (document === undefined) return;
    packages += 1;
    dependencies.add(document);
    index.compare(tag, document);
  };
  listener?.({ type: "planned", todo: chosen.length, present: 0 });
  await Promise.all(chosen.map((tag) => scheduler.transfer(() => checkOne(tag))));
  if (specs.length === 0) index.reportUntagged(tags);
  for (const finding of dependencies.findings()) report(finding);
  for (const finding of await hashes.findings(tags)) report(finding);
  const byTag = findings.sort((a, b) => (a.tag < b.tag ? -1 : a.tag > b.tag ? 1 : 0));
  return { packages, tags: chosen.length, content: content.count, findings: byTag };
}

/**
 * The tags of the packages that specs name, and of their link and run dependencies; a package without a tag is
 * reported.
 */
async function tagsOf(
  target: Buildcache,
  { specs, tags }: { readonly specs: readonly string[]; readonly tags: readonly string[] },
  run: Run,
): Promise<string[]> {
  const { catalog, chosen } = await findPackages([target], { specs, inspect: true }, run);
  const roots = chosen.map((node) => node.hash);
  const wanted = runtimeClosure(catalog.graph, roots).filter((node) => node.external === undefined);
  const names = new Set<string | undefined>(wanted.flatMap((node) => [node.hash, packageTag(node)]));
  return tags.filter((tag) => isPackageTag(tag) && (names.has(tag) || names.has(hashInTag(tag))));
}
