// A buildcache whose index lists many packages: copies of the sample buildcache, each with its own hashes, names and
// versions, in an image layout. Only the sample's own packages have images of their own; all other tags share one.

import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Descriptor, descriptorOf, MEDIA_TYPES } from "@spack-oci/oci-client";
import { fixture, readJson } from "../../support/fixtures.js";
import { type HashedNode, rehash } from "./rename-hashes.js";

/** Packages of the sample that have a binary. */
const SAMPLE_PACKAGES = 20;
/** Copies with different names; later ones repeat the names with other versions. */
const NAMES = 500;
/** Variants that are added to each package, so that its entry is as long as one of a real package. */
const VARIANTS = 40;

const INDEX_TAG = "index.spack";
const REFERENCE = "org.opencontainers.image.ref.name";

interface Layout {
  readonly schemaVersion: number;
  readonly manifests: readonly (Descriptor & { readonly annotations: Record<string, string> })[];
}

interface Entry {
  readonly spec: HashedNode & {
    readonly name: string;
    readonly version: string;
    readonly parameters: object;
  };
  readonly ref_count: number;
  readonly in_buildcache: boolean;
}

interface Index {
  readonly database: { readonly version: string; readonly installs: Readonly<Record<string, Entry>> };
}

/** A generated buildcache. */
export interface LargeBuildcache {
  /** Packages that the index lists. */
  readonly packages: number;
  /** A package that has a tag, but is not in the index. */
  readonly unlisted: string;
}

/**
 * Writes a layout whose index lists at least `packages` packages, except one that has just been pushed.
 *
 * @param seed the same seed gives the same hashes
 */
export function writeLargeBuildcache(directory: string, packages: number, seed: number): LargeBuildcache {
  const sample = "oci-layout-main";
  cpSync(fixture(sample), directory, { recursive: true });
  const layout = readJson<Layout>(`${sample}/index.json`);
  const blob = (digest: string) => join(directory, "blobs", digest.replace(":", "/"));
  const nameOf = ({ annotations }: Layout["manifests"][number]) => annotations[REFERENCE] ?? "";
  const indexed = layout.manifests.find((each) => nameOf(each) === INDEX_TAG);
  if (indexed === undefined) throw new Error(`${sample} has no index`);
  const manifest = JSON.parse(readFileSync(blob(indexed.digest), "utf8")) as { layers: Descriptor[] };
  const index = JSON.parse(readFileSync(blob(manifest.layers[0]?.digest ?? ""), "utf8")) as Index;
  const { installs, version } = index.database;

  const images = layout.manifests.filter((each) => each !== indexed);
  const [image] = images;
  const tags = new Map<string, Descriptor>(images.map((each) => [nameOf(each), descriptorIn(each)]));
  const own = Object.entries(installs);
  const packed = own.filter(([, entry]) => entry.in_buildcache);
  const names = new Set(packed.map(([, { spec }]) => spec.name));
  const [unlisted] = packed.find(([, entry]) => entry.ref_count === 0) ?? [""];
  const pieces = own.filter(([hash]) => hash !== unlisted).map(([hash, entry]) => pieceOf(hash, entry));
  const copies = Math.ceil(packages / SAMPLE_PACKAGES);
  for (let copy = 1; copy < copies; copy += 1) {
    const copied = packed.map(([, entry]) => ({ ...entry, spec: copyOf(entry.spec, names, copy) }));
    const rename = rehash(
      copied.map(({ spec }) => spec),
      `${seed} ${copy}`,
    );
    for (const entry of copied) {
      const { name, version: ofPackage, hash } = entry.spec;
      if (image !== undefined) tags.set(tagOf(name, ofPackage, rename(hash)), descriptorIn(image));
      pieces.push(rename(pieceOf(hash, entry)));
    }
  }
  const bytes = Buffer.from(`{"database":{"version":"${version}","installs":{${pieces.join(",")}}}}`);
  const layer = descriptorOf(MEDIA_TYPES.ociLayerGzip, bytes);
  writeFileSync(blob(layer.digest), bytes);
  const written = Buffer.from(JSON.stringify({ ...manifest, layers: [layer] }));
  const newest = descriptorOf(MEDIA_TYPES.ociManifest, written);
  writeFileSync(blob(newest.digest), written);
  tags.set(INDEX_TAG, newest);
  const manifests = [...tags].map(([tag, each]) => ({ ...each, annotations: { [REFERENCE]: tag } }));
  writeFileSync(join(directory, "index.json"), JSON.stringify({ schemaVersion: 2, manifests }));
  return { packages: copies * SAMPLE_PACKAGES - 1, unlisted };
}

function descriptorIn({ mediaType, digest, size }: Descriptor): Descriptor {
  return { mediaType, digest, size };
}

function pieceOf(hash: string, entry: Entry): string {
  return `${JSON.stringify(hash)}:${JSON.stringify(entry)}`;
}

/** The spec under another name, like those that it depends on, and with another version. */
function copyOf(spec: Entry["spec"], names: ReadonlySet<string>, copy: number): Entry["spec"] {
  const version = `${spec.version}.${Math.floor(copy / NAMES)}`;
  const parameters = { ...spec.parameters, ...Object.fromEntries(variants()) };
  const text = JSON.stringify({ ...spec, version, parameters }).replaceAll(
    /"name":"([^"]+)"/g,
    (whole, name) => (names.has(name) ? `"name":"${name}-${copy % NAMES}"` : whole),
  );
  return JSON.parse(text) as Entry["spec"];
}

function tagOf(name: string, version: string, hash: string): string {
  const tag = `${name}-${version}-${hash}.spack`.replaceAll(/[^\w.-]/gu, "_");
  return tag.length <= 128 ? tag : tag.slice(0, 64) + tag.slice(-64);
}

function* variants(): Generator<[string, boolean]> {
  for (let number = 0; number < VARIANTS; number += 1) yield [`variant_${number}`, number % 3 === 0];
}
