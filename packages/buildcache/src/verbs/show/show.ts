// The verb show: everything that a buildcache says about one package.

import { SpackOciError } from "@spack-oci/errors";
import type { Descriptor } from "@spack-oci/oci-client";
import {
  formatSpec,
  isRuntimeDependency,
  type SpecDocument,
  type SpecGraph,
  type SpecNode,
} from "@spack-oci/spack-spec";
import { decompress, readTar } from "@spack-oci/spack-tarball";
import { findPackages } from "../../catalog/find-packages.js";
import { imagePackages } from "../../package-image/image-packages.js";
import { inspectImageOf, inspectPackageManifest } from "../../package-image/read-image.js";
import { environmentIn } from "../../package-image/runnable-config.js";
import { packageTag } from "../../package-image/tags.js";
import { packageTags } from "../../package-index/scan-tags.js";
import { readPackageOrigin } from "../../provenance/audit-package.js";
import { type PackagePlace, placeOf } from "../../provenance/package-place.js";
import type { Buildcache, Run, VerbContext } from "../../schedule/run.js";

export interface ShowRequest {
  /** Matches exactly one package. */
  readonly spec: string;
  /** List the members of the layer as well, which reads all of it. */
  readonly files?: boolean | undefined;
}

/** A package in the spec tree: the package itself, then what it links and runs with, each once. */
interface ShownSpec {
  readonly node: SpecNode;
  /** 0 for the package itself. */
  readonly depth: number;
  /** The spec without its dependencies. */
  readonly text: string;
  /** Bytes of its compressed layer; undefined if it is external, or not in the buildcache. */
  readonly size: number | undefined;
}

/** A member of the layer. */
export interface ShownMember {
  /** As it is in the archive: the absolute path without its leading `/`. */
  readonly name: string;
  readonly type: "file" | "directory" | "symlink" | "hardlink" | "other";
  /** Permission bits. */
  readonly mode: number;
  /** Bytes of content; 0 for everything but files. */
  readonly size: number;
  /** The target of a link; empty otherwise. */
  readonly target: string;
}

export interface ShowResult {
  readonly tag: string;
  readonly node: SpecNode;
  readonly manifest: Descriptor;
  /** The package's own layer. */
  readonly layer: Descriptor;
  /** All layers of the image, those of a base image first. */
  readonly layers: readonly Descriptor[];
  readonly tree: readonly ShownSpec[];
  /** Where the package was installed when it was packed; undefined if its layer does not say. */
  readonly place: PackagePlace | undefined;
  /** The Spack that built it, in its own words. */
  readonly spackVersion: string | undefined;
  /** Undefined if it was packed by a Spack before 1.0. */
  readonly packedAt: Date | undefined;
  /** `NAME=VALUE` each, as a container of the image has them. */
  readonly environment: readonly string[];
  /** In the order of the archive; undefined unless requested. */
  readonly files: readonly ShownMember[] | undefined;
}

/**
 * Reads one package: its image, one or two ranges of its layer, and the manifests of what it links and runs with.
 *
 * @throws SpackOciError `ERR_SPEC_NOT_FOUND`, `ERR_SPEC_AMBIGUOUS`, the errors of spec strings, and the buildcache's
 *   own
 *
 * @example
 * ```ts
 * import { createScheduler, openSession, show } from "@spack-oci/buildcache";
 *
 * const session = openSession({ environmentVariables: process.env });
 * const mirror = session.mirrors.open("oci-layout:buildcache", "fetch");
 * const { node } = await show(mirror, { spec: "margo-lite" }, { run: { scheduler: createScheduler(4) } });
 * console.log(node.hash); // cd2e4nf3k3sw2czder5ycghwcpmmvl4k
 * ```
 */
export async function show(
  mirror: Buildcache,
  { spec, files = false }: ShowRequest,
  { run }: VerbContext,
): Promise<ShowResult> {
  const { signal } = run;
  const { chosen } = await findPackages([mirror], { specs: [spec], inspect: true }, run);
  const [node, ...others] = chosen;
  if (node === undefined || others.length > 0) throw notOne(spec, chosen.length);
  const { document, layer, layers, config, tag, fetched } = await inspectImageOf(mirror, node, signal);
  const { descriptor } = layer;
  const context = { target: mirror, deep: false, signal };
  const { origin } = await readPackageOrigin(descriptor, document.root, context);
  return {
    tag,
    node: document.root,
    manifest: fetched.descriptor,
    layer: descriptor,
    layers,
    tree: specTree(document, await layerSizes(mirror, document, run)),
    place: placeOf(origin, document.root),
    spackVersion: origin.spackVersion,
    packedAt: config.packedAt,
    environment: environmentIn(config.json),
    files: files ? await listMembers(mirror, descriptor, signal) : undefined,
  };
}

function notOne(spec: string, count: number): SpackOciError {
  const message = `${JSON.stringify(spec)} names ${count} packages; only one can be shown.`;
  return new SpackOciError("ERR_USAGE", message, { kind: "usage", place: spec, hint: "Give one spec." });
}

/** Sizes of the layers of a package and of what it links and runs with, by DAG hash. */
async function layerSizes(
  mirror: Buildcache,
  { graph, root }: SpecDocument,
  { scheduler, signal }: Run,
): Promise<ReadonlyMap<string, number>> {
  const tags = new Set(await packageTags(mirror, signal));
  const present = imagePackages(graph, [root.hash]).filter((node) => tags.has(packageTag(node)));
  const sizes = present.map((node) =>
    scheduler.request(async (): Promise<[string, number]> => {
      const { layer } = await inspectPackageManifest(mirror, packageTag(node), signal);
      return [node.hash, layer.size];
    }),
  );
  return new Map(await Promise.all(sizes));
}

function specTree({ graph, root }: SpecDocument, sizes: ReadonlyMap<string, number>): ShownSpec[] {
  const seen = new Set<string>();
  const below = (node: SpecNode, depth: number): ShownSpec[] => {
    if (seen.has(node.hash)) return [];
    seen.add(node.hash);
    const text = formatSpec(graph, node);
    const own = { node, depth, text, size: sizes.get(node.hash) };
    return [own, ...dependenciesOf(graph, node).flatMap((each) => below(each, depth + 1))];
  };
  return below(root, 0);
}

function dependenciesOf(graph: SpecGraph, { dependencies }: SpecNode): SpecNode[] {
  const nodes = dependencies.filter(isRuntimeDependency).flatMap(({ hash }) => graph.get(hash) ?? []);
  return nodes.sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Reads the whole layer; only the headers are kept. */
async function listMembers(
  mirror: Buildcache,
  layer: Descriptor,
  signal: AbortSignal | undefined,
): Promise<ShownMember[]> {
  const members: ShownMember[] = [];
  for await (const { header } of readTar(decompress(await mirror.fetch(layer, { signal })))) {
    const { name, type, mode, size, linkName } = header;
    members.push({ name, type, mode, size, target: linkName });
  }
  return members;
}
