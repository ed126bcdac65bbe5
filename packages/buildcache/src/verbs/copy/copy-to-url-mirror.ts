// The verb that moves packages of a buildcache into a Spack v3 mirror in a directory, without rebuilding them.
//
// choosePackages -> planUrlCopy -> (readPackageImage -> writeEntry) -> writeMirrorIndex

import type { TagLister, Target } from "@spack-oci/oci-client";
import type { SpecDocument, SpecNode } from "@spack-oci/spack-spec";
import { choosePackages } from "../../catalog/choose-packages.js";
import type { SpecRequest } from "../../catalog/spec-request.js";
import { asSpackOciError } from "../../failures/failure.js";
import { readPackageImage } from "../../package-image/read-image.js";
import { packageTag } from "../../package-image/tags.js";
import { runPackages } from "../../schedule/run-packages.js";
import type { Scheduler } from "../../schedule/scheduler.js";
import type { DirectoryFiles } from "../../sources/v3-mirror/directory-files.js";
import { layoutPath, layoutText, specManifestPath } from "../../sources/v3-mirror/layout.js";
import { writeEntry } from "../../sources/v3-mirror/write-entry.js";
import { writeMirrorIndex } from "../../sources/v3-mirror/write-mirror-index.js";
import { planUrlCopy } from "./plan-url-copy.js";
import { announce, type UrlCopyOptions, type UrlCopyResult } from "./url-copy.js";

/**
 * Copies what a request names. Of an image only the package's own layer and its spec go along; an image's base and its
 * environment have no place in such a mirror. Manifests are not signed.
 *
 * @throws SpackOciError where a spec names nothing, the buildcache does not answer, or the directory cannot be written
 */
export async function copyToUrlMirror(
  source: Target & TagLister,
  files: DirectoryFiles,
  scheduler: Scheduler,
  request: SpecRequest,
  options: UrlCopyOptions = {},
): Promise<UrlCopyResult> {
  const { listener, signal } = options;
  const { catalogue, roots } = await choosePackages([source], scheduler, request, options);
  const pathOf = (node: SpecNode) => specManifestPath(catalogue.graph, node);
  const existing = new Set(await files.specManifests());
  const plan = planUrlCopy(catalogue, roots, options, (node) => existing.has(pathOf(node)));
  announce(plan, source.name, listener);
  if (options.dryRun === true) return { plan, packages: [], unverified: [], index: undefined };

  if (!(await files.exists(layoutPath))) await files.write(layoutPath, layoutText);
  const copied = new Map<string, SpecDocument>();
  const packages = await runPackages({
    items: plan.todo,
    nodeOf: (node) => node,
    dependenciesOf: () => [],
    start: async (node) => {
      const image = await readPackageImage(source, packageTag(node), signal);
      listener?.({ type: "step", package: node, step: "fetching", bytes: image.layer.descriptor.size });
      const onBytes = (count: number) => listener?.({ type: "bytes", package: node, count });
      const bytes = await writeEntry(source, image, files, { onBytes, signal });
      copied.set(pathOf(node), image.document);
      return bytes;
    },
    finish: async (_node, bytes) => bytes,
    scheduler,
    listener,
    signal,
  });
  try {
    const index = await writeMirrorIndex(files, scheduler, copied, options);
    return { plan, packages, unverified: [], index };
  } catch (error) {
    signal?.throwIfAborted();
    return { plan, packages, unverified: [], index: { outcome: "failed", error: asSpackOciError(error) } };
  }
}
