// The verb site: writes a static web site that shows what a buildcache holds.

import type { Descriptor } from "@spack-oci/oci-client";
import {
  CATALOG_VERSION,
  claimSiteDirectory,
  readSiteCatalog,
  type SiteCatalog,
  type SiteFinding,
  type SiteImage,
  type SitePackage,
  siteSpec,
  writeSite,
} from "@spack-oci/site";
import type { SpecNode } from "@spack-oci/spack-spec";
import { readCatalog } from "../../catalog/catalog.js";
import { asSpackOciError } from "../../failures/failure.js";
import { findingOf } from "../../findings/error-finding.js";
import { type Finding, finding } from "../../findings/finding.js";
import { hashInTag, isPackageTag, packageTag } from "../../package-image/tags.js";
import { allTags } from "../../package-index/all-tags.js";
import type { Buildcache, Run, VerbContext } from "../../schedule/run.js";
import { readSiteImage } from "./read-site-image.js";
import { referrersOf } from "./referrers.js";

export interface SiteRequest {
  /** Where to write the site; a new or empty directory, or one with an older site of the same buildcache. */
  readonly directory: string;
  /** Find the largest files of each package, which reads all of its layer. */
  readonly files?: boolean | undefined;
  /** Problems that `check` and `audit` reported. */
  readonly findings?: readonly SiteFinding[] | undefined;
  readonly now?: Date | undefined;
}

export interface SiteResult {
  readonly directory: string;
  readonly packages: number;
  /** How many images were read. The others had not changed since the last time. */
  readonly read: number;
  /** Problems that came up; the site shows them, too. */
  readonly findings: readonly Finding[];
  /** Bytes of what a page loads first, without compression. */
  readonly size: { readonly page: number; readonly data: number };
}

/**
 * Reads the package index and the image of each package, and writes the site. An image whose digest is in the catalog of
 * an older site is not read again; finding that out costs a request for each package.
 *
 * @throws SpackOciError as `readCatalog` and `claimSiteDirectory` do, and `ERR_SITE_ASSETS`
 */
export async function site(
  mirror: Buildcache,
  { directory, files = false, findings: given = [], now = new Date() }: SiteRequest,
  { run }: VerbContext,
): Promise<SiteResult> {
  claimSiteDirectory(directory);
  const older = readSiteCatalog(directory);
  const images = new Map(
    older?.mirror === mirror.name ? older.packages.map((each) => [each.tag, each.image]) : [],
  );
  const { packages: nodes, graph } = await readCatalog(mirror, run, { inspect: true });
  const tags = await allTags(mirror, run.signal);
  run.listener?.({ type: "planned", todo: nodes.length, present: 0 });
  const reader = new PackageReader(mirror, { files, images, referrers: referrersOf(tags) }, run);
  const packages = await Promise.all(nodes.map((node) => reader.read(node)));
  const listed = new Set(packages.map(({ tag }) => tag));
  const unlisted = [...tags]
    .filter((tag) => isPackageTag(tag) && !listed.has(tag) && hashInTag(tag))
    .map(notListed);
  const findings = [...reader.findings, ...unlisted].sort((one, other) => compare(one.tag, other.tag));
  const hashes = new Set(nodes.map(({ hash }) => hash));
  const catalog: SiteCatalog = {
    version: CATALOG_VERSION,
    mirror: mirror.name,
    read: now.toISOString(),
    packages: packages.sort(bySpec),
    others: [...graph.values()]
      .filter(({ hash }) => !hashes.has(hash))
      .map(siteSpec)
      .sort(bySpec),
    findings: [...given, ...findings],
  };
  const size = await writeSite(directory, catalog);
  return { directory, packages: packages.length, read: reader.count, findings, size };
}

interface ReaderOptions {
  readonly files: boolean;
  /** What is known about images, by their tags. */
  readonly images: ReadonlyMap<string, SiteImage | undefined>;
  /** What refers to images, by their digests. */
  readonly referrers: ReadonlyMap<string, readonly string[]>;
}

/** Reads packages, and notes what could not be read. */
class PackageReader {
  readonly findings: Finding[] = [];
  /** How many images were read. */
  count = 0;
  readonly #mirror: Buildcache;
  readonly #options: ReaderOptions;
  readonly #run: Run;

  constructor(mirror: Buildcache, options: ReaderOptions, run: Run) {
    this.#mirror = mirror;
    this.#options = options;
    this.#run = run;
  }

  async read(node: SpecNode): Promise<SitePackage> {
    const { scheduler, signal, listener } = this.#run;
    const tag = packageTag(node);
    const spec = siteSpec(node);
    try {
      const image = await scheduler.transfer(() => this.#image(node, tag));
      return {
        ...spec,
        tag,
        image: { ...image, referrers: this.#options.referrers.get(image.manifest) ?? [] },
      };
    } catch (error) {
      signal?.throwIfAborted();
      this.findings.push(findingOf(tag, asSpackOciError(error), "tag-gone"));
      return { ...spec, tag };
    } finally {
      listener?.({ type: "checked", tag });
    }
  }

  async #image(node: SpecNode, tag: string): Promise<SiteImage> {
    const { files, images } = this.#options;
    const { signal } = this.#run;
    const known = images.get(tag);
    if (known !== undefined && (!files || known.largestFiles !== undefined)) {
      const { digest }: Descriptor = await this.#mirror.resolve(tag, { signal });
      if (digest === known.manifest) return known;
    }
    this.count += 1;
    return readSiteImage(this.#mirror, node, { files, signal });
  }
}

function notListed(tag: string): Finding {
  return finding("not-in-index", {
    tag,
    what: "The package index does not list it, so the site does not show it.",
  });
}

interface Named {
  readonly name: string;
  readonly version: string;
  readonly hash: string;
}

function bySpec(one: Named, other: Named): number {
  return (
    compare(one.name, other.name) || compare(one.version, other.version) || compare(one.hash, other.hash)
  );
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
