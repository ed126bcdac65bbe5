// A test registry with the buildcache that Spack wrote, loaded without a request.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fixture } from "./fixtures.js";
import type { StoredRepository } from "./test-registry/storage.js";
import {
  startTestRegistry,
  type TestRegistry,
  type TestRegistryOptions,
} from "./test-registry/test-registry.js";

/** The buildcache's repository in the registry. */
const mirrorRepository = "mochi-hpc/buildcache";

/** A registry that holds a buildcache. */
export interface TestMirror {
  readonly registry: TestRegistry;
  readonly repository: StoredRepository;
  /** Its name on the command line. */
  readonly mirror: string;
}

/** Starts a registry with the fixture's buildcache; close it when done. */
export async function startMirror(options: TestRegistryOptions = {}): Promise<TestMirror> {
  const mirror = await startEmptyMirror(options);
  fill(mirror.repository);
  return mirror;
}

/** The same, but empty. */
export async function startEmptyMirror(options: TestRegistryOptions = {}): Promise<TestMirror> {
  const registry = await startTestRegistry(options);
  const repository = registry.storage.repository(mirrorRepository);
  return { registry, repository, mirror: registry.location(mirrorRepository) };
}

/** Tags of packages, without the index. */
export function packageTagsIn({ tags }: StoredRepository): string[] {
  return [...tags.keys()].filter((tag) => tag.endsWith(".spack") && tag !== "index.spack").sort();
}

/** The only tag with this prefix. */
export function tagIn(repository: StoredRepository, start: string): string {
  const [tag, ...others] = packageTagsIn(repository).filter((candidate) => candidate.startsWith(start));
  if (tag === undefined || others.length > 0) throw new Error(`${others.length} tags begin with ${start}`);
  return tag;
}

/** The manifest under a tag. */
export function manifestIn(repository: StoredRepository, tag: string): StoredImage {
  const stored = repository.manifests.get(repository.tags.get(tag) ?? "");
  if (stored === undefined) throw new Error(`nothing is under ${tag}`);
  return JSON.parse(stored.bytes.toString()) as StoredImage;
}

/** The digest of a package's own layer. */
export function ownLayerIn(repository: StoredRepository, tag: string): string {
  return manifestIn(repository, tag).layers.at(-1)?.digest ?? "";
}

interface StoredImage {
  readonly config: { readonly digest: string };
  readonly layers: readonly { readonly digest: string }[];
}

interface LayoutIndex {
  readonly manifests: readonly {
    readonly mediaType: string;
    readonly digest: string;
    readonly annotations?: Readonly<Record<string, string>>;
  }[];
}

function fill(repository: StoredRepository): void {
  const layout = fixture("oci-layout-main");
  const blob = (digest: string) => readFileSync(join(layout, "blobs", ...digest.split(":")));
  const index = JSON.parse(readFileSync(join(layout, "index.json"), "utf8")) as LayoutIndex;
  for (const { mediaType, digest, annotations } of index.manifests) {
    const tag = annotations?.["org.opencontainers.image.ref.name"];
    repository.putManifest(mediaType, blob(digest), tag);
    const { config, layers } = JSON.parse(blob(digest).toString()) as StoredImage;
    for (const child of [config, ...layers]) repository.putBlob(blob(child.digest));
  }
}
