// Packages of a Spack v3 mirror on their way into a buildcache: every archive becomes a layer, and an image around it.

import type { Target } from "@spack-oci/oci-client";
import { DEFAULT_PREFIX_INSPECTIONS } from "@spack-oci/spack-config";
import type { SpecDocument, SpecNode } from "@spack-oci/spack-spec";
import { imagePackages } from "../image/image-packages.js";
import { imageEnvironment } from "../image-environment/image-environment.js";
import { packageTag } from "../protocol/tags.js";
import { KnownLayers } from "../push/known-layers.js";
import { putPackageImage } from "../push/put-package-image.js";
import { type PackageResult, runPackages } from "../schedule/run-packages.js";
import type { Scheduler } from "../schedule/scheduler.js";
import type { MirrorFiles } from "./mirror-files.js";
import { type MirrorContents, type MirrorEntry, readEntry } from "./read-mirror.js";
import { type ScannedArchive, scanArchive } from "./scan-archive.js";
import { sendArchive } from "./send-archive.js";
import type { UrlCopyOptions, UrlCopyPlan } from "./url-copy.js";

/** Remembers what archives hold, as the environment of an image follows from all that the package runs with. */
export class ImageRun {
  readonly #files: MirrorFiles;
  readonly #contents: MirrorContents;
  readonly #target: Target;
  readonly #scheduler: Scheduler;
  readonly #options: UrlCopyOptions;
  readonly #plan: UrlCopyPlan;
  readonly #available: ReadonlySet<string>;
  readonly #layers: KnownLayers;
  readonly #scans = new Map<string, Promise<ScannedArchive>>();
  /** Specs of the images that were tagged, by tag. */
  readonly copiedSpecs = new Map<string, SpecDocument>();
  /** Packages whose manifest is signed. */
  readonly signed: SpecNode[] = [];

  constructor(
    files: MirrorFiles,
    contents: MirrorContents,
    target: Target,
    scheduler: Scheduler,
    options: UrlCopyOptions,
    plan: UrlCopyPlan,
  ) {
    this.#files = files;
    this.#contents = contents;
    this.#target = target;
    this.#scheduler = scheduler;
    this.#options = options;
    this.#plan = plan;
    this.#available = new Set(contents.packages.map((node) => node.hash));
    this.#layers = new KnownLayers(target, new Set(plan.present.map((node) => node.hash)), options.signal);
  }

  packages(): Promise<PackageResult[]> {
    return runPackages({
      items: this.#plan.todo,
      nodeOf: (node) => node,
      dependenciesOf: (node) => this.#packagesIn(node).map(({ hash }) => hash),
      start: (node) => this.#sendLayer(node),
      finish: (node, entry) => this.#scheduler.light(() => this.#sendImage(node, entry)),
      scheduler: this.#scheduler,
      listener: this.#options.listener,
      signal: this.#options.signal,
    });
  }

  async #sendLayer(node: SpecNode): Promise<MirrorEntry> {
    const { listener, signal } = this.#options;
    const entry = await readEntry(this.#files, this.#contents.graph, node, signal);
    listener?.({ type: "step", package: node, step: "uploading", bytes: entry.archive.size });
    const onBytes = (count: number) => listener?.({ type: "bytes", package: node, count });
    const { layer, scanned } = await sendArchive(this.#files, entry.archive, this.#target, {
      onBytes,
      signal,
    });
    this.#layers.add(node.hash, layer);
    this.#scans.set(node.hash, Promise.resolve(scanned));
    return entry;
  }

  async #sendImage(node: SpecNode, { document, archive, signed }: MirrorEntry): Promise<number> {
    this.#options.listener?.({ type: "step", package: node, step: "tagging" });
    const image = {
      graph: document.graph,
      node: document.root,
      layers: await this.#layers.of(this.#packagesIn(node)),
      createdAt: this.#options.createdAt ?? new Date(),
      environment: await this.#environmentOf(node),
    };
    await putPackageImage(this.#target, image, this.#options.signal);
    this.copiedSpecs.set(packageTag(node), document);
    if (signed) this.signed.push(node);
    return archive.size;
  }

  /**
   * As a push computes it, with the directories that archives have in place of those of installed prefixes. Nothing is
   * known of externals, which lie on the machine that packages were built on.
   */
  async #environmentOf(node: SpecNode): Promise<string[]> {
    const packages = this.#packagesIn(node).filter(({ hash }) => this.#available.has(hash));
    const scans = new Map(
      await Promise.all(packages.map(async (each) => [each.hash, await this.#scanOf(each)] as const)),
    );
    const archives = [...scans.values()];
    return imageEnvironment({
      graph: this.#contents.graph,
      roots: [node.hash],
      prefixOf: ({ hash }) => scans.get(hash)?.prefix,
      isDirectory: async (path) => archives.some(({ paths }) => paths.isDirectory(path)),
      inspections: this.#options.prefixInspections ?? DEFAULT_PREFIX_INSPECTIONS,
      base: [],
    });
  }

  /** What the destination had before this run is read from the source again. */
  #scanOf(node: SpecNode): Promise<ScannedArchive> {
    const known = this.#scans.get(node.hash) ?? this.#scan(node);
    this.#scans.set(node.hash, known);
    return known;
  }

  async #scan(node: SpecNode): Promise<ScannedArchive> {
    const { signal } = this.#options;
    const { archive } = await readEntry(this.#files, this.#contents.graph, node, signal);
    return scanArchive(await this.#files.open(archive, { signal }), `${this.#files.name} ${archive.digest}`);
  }

  #packagesIn(node: SpecNode): SpecNode[] {
    return imagePackages(this.#contents.graph, [node.hash]);
  }
}
