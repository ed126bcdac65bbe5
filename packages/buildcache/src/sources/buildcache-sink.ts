// Writes packages of other mirrors into a buildcache: every archive becomes a layer, with an image made for it.

import type { Descriptor, TransferOptions } from "@spack-oci/oci-client";
import { DEFAULT_PREFIX_INSPECTIONS } from "@spack-oci/spack-config";
import type { SpecDocument, SpecNode } from "@spack-oci/spack-spec";
import { imageEnvironment } from "../image-env/image-environment.js";
import { inspectOnce, type PrefixInspections } from "../image-env/inspect-prefix.js";
import { imagePackages } from "../package-image/image-packages.js";
import { KnownLayers } from "../package-image/known-layers.js";
import type { PackageLayer } from "../package-image/package-layer.js";
import { putPackageImage } from "../package-image/put-package-image.js";
import { packageTag } from "../package-image/tags.js";
import { allTagsIfAny } from "../package-index/all-tags.js";
import { type MergeIndexResult, mergeIndex } from "../package-index/merge-index.js";
import type { Buildcache, Run } from "../schedule/run.js";
import type { ImageSigner } from "../trust/image-signer.js";
import type { PackageEntry, PackageSink, PackageWriter, SinkPlan } from "./package-source.js";
import { type ScannedArchive, scanArchive, scanning } from "./scan-archive.js";

/** How the images of archives are made. */
export interface ImageDefaults {
  /** The creation time of images; now by default. */
  readonly createdAt?: Date | undefined;
  /** Variables of images by the directory of a prefix that is prepended to them; Spack's defaults if undefined. */
  readonly prefixInspections?: PrefixInspections | undefined;
  /** Signs the images that are written; those that the destination has stay as they are. */
  readonly signer?: ImageSigner | undefined;
}

export function buildcacheSink(mirror: Buildcache, defaults: ImageDefaults): PackageSink {
  return {
    name: mirror.name,
    async existing({ signal }) {
      const tags = await allTagsIfAny(mirror, signal);
      return (_graph, node) => tags.has(packageTag(node));
    },
    open: async (plan, run) => new ImageWriter(mirror, plan, { ...run, ...defaults }),
  };
}

/** Remembers the scans of archives, since the environment of an image depends on all packages that it runs with. */
class ImageWriter implements PackageWriter {
  readonly #mirror: Buildcache;
  readonly #plan: SinkPlan;
  readonly #run: Run & ImageDefaults;
  readonly #available: ReadonlySet<string>;
  readonly #todo: ReadonlySet<string>;
  readonly #layers: KnownLayers;
  readonly #scans = new Map<string, Promise<ScannedArchive>>();
  /** Specs of the images that were tagged, by tag. */
  readonly #published = new Map<string, SpecDocument>();

  constructor(mirror: Buildcache, plan: SinkPlan, run: Run & ImageDefaults) {
    this.#mirror = mirror;
    this.#plan = plan;
    this.#run = run;
    this.#available = new Set(plan.packages.map((node) => node.hash));
    this.#todo = new Set(plan.todo.map((node) => node.hash));
    this.#layers = new KnownLayers(mirror, new Set(plan.present.map((node) => node.hash)), run.signal);
  }

  dependenciesOf(node: SpecNode): string[] {
    return this.#packagesIn(node).map(({ hash }) => hash);
  }

  async send(node: SpecNode, entry: PackageEntry): Promise<void> {
    const { listener, signal } = this.#run;
    listener?.({ type: "step", package: node, step: "uploading", bytes: entry.archive.size });
    const onBytes = (count: number) => listener?.({ type: "bytes", package: node, count });
    const { layer, scanned } = await this.#sendArchive(entry, { onBytes, signal });
    this.#layers.add(node.hash, layer);
    this.#scans.set(node.hash, Promise.resolve(scanned));
  }

  async publish(node: SpecNode, { document }: PackageEntry): Promise<void> {
    const { scheduler, listener, signal, signer, createdAt = new Date() } = this.#run;
    listener?.({ type: "step", package: node, step: "tagging" });
    await scheduler.request(async () => {
      const image = {
        graph: document.graph,
        node: document.root,
        layers: await this.#layers.of(this.#packagesIn(node)),
        createdAt,
        environment: await this.#environmentOf(node),
        beforeTag: async (manifest: Descriptor) => signer?.sign(this.#mirror, manifest, signal),
      };
      await putPackageImage(this.#mirror, image, signal);
    });
    this.#published.set(packageTag(node), document);
  }

  updateIndex(): Promise<MergeIndexResult> {
    return mergeIndex(this.#mirror, { add: this.#published, signer: this.#run.signer }, this.#run);
  }

  /** Streams the archive through memory; an archive that the buildcache already has is only read. */
  async #sendArchive(
    { archive, place, open }: PackageEntry,
    { onBytes, signal }: TransferOptions,
  ): Promise<{ readonly layer: PackageLayer; readonly scanned: ScannedArchive }> {
    let latest: Promise<ScannedArchive> | undefined;
    const body = async () => {
      const { bytes, scanned } = scanning(await open({ signal }), place);
      latest = scanned;
      return bytes;
    };
    await this.#mirror.push(archive, body, { onBytes, signal });
    // If the answer to an upload was lost, the upload is not repeated, and its scan may not have finished.
    const scanned =
      (await latest?.catch(() => undefined)) ?? (await scanArchive(await open({ signal }), place));
    return { layer: { descriptor: archive, diffId: scanned.diffId }, scanned };
  }

  /**
   * Computed as for a push, with the directories of archives in place of those of installed prefixes. Externals
   * contribute nothing, since they are on the machine that the packages were built on.
   */
  async #environmentOf(node: SpecNode): Promise<string[]> {
    const packages = this.#packagesIn(node).filter(({ hash }) => this.#canScan(hash));
    const scans = new Map(
      await Promise.all(packages.map(async (each) => [each.hash, await this.#scanOf(each)] as const)),
    );
    const archives = [...scans.values()];
    const isDirectory = async (path: string) => archives.some(({ paths }) => paths.isDirectory(path));
    return imageEnvironment({
      graph: this.#plan.graph,
      roots: [node.hash],
      prefixOf: ({ hash }) => scans.get(hash)?.prefix,
      isDirectory,
      inspect: inspectOnce(this.#run.prefixInspections ?? DEFAULT_PREFIX_INSPECTIONS, isDirectory),
      base: [],
    });
  }

  /** A package that could not be sent is missing from the image as well. */
  #canScan(hash: string): boolean {
    return this.#layers.has(hash) || (this.#available.has(hash) && !this.#todo.has(hash));
  }

  /** Packages that the buildcache already had are read from the source again. */
  #scanOf(node: SpecNode): Promise<ScannedArchive> {
    const known = this.#scans.get(node.hash) ?? this.#scan(node);
    this.#scans.set(node.hash, known);
    return known;
  }

  async #scan(node: SpecNode): Promise<ScannedArchive> {
    const { signal } = this.#run;
    const { open, place } = await this.#plan.source.read(this.#plan.graph, node, signal);
    return scanArchive(await open({ signal }), place);
  }

  #packagesIn(node: SpecNode): SpecNode[] {
    return imagePackages(this.#plan.graph, [node.hash]);
  }
}
