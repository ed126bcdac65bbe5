// Changes images in a test registry as somebody could who has write access to it: digests always fit.

import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { manifestIn } from "./mirror.js";
import type { StoredRepository } from "./test-registry/storage.js";

/** The config of a package, as far as tests change it. */
export interface ConfigJson {
  rootfs: { diff_ids: string[] };
  binary_cache_checksum: { hash: string };
  spec: { nodes: NodeJson[] };
}

interface NodeJson {
  name: string;
  version: string;
  hash: string;
  dependencies: { name: string; hash: string; parameters: { deptypes: string[] } }[];
}

export function configIn(repository: StoredRepository, tag: string): ConfigJson {
  const { digest } = manifestIn(repository, tag).config;
  return JSON.parse(repository.blobs.get(digest)?.toString() ?? "") as ConfigJson;
}

/** Replaces the config of an image. */
export function replaceConfig(repository: StoredRepository, tag: string, config: string): void {
  const digest = repository.putBlob(Buffer.from(config));
  const stored = repository.manifests.get(repository.tags.get(tag) ?? "");
  const manifest = JSON.parse(stored?.bytes.toString() ?? "") as { config: object };
  Object.assign(manifest.config, { digest, size: Buffer.byteLength(config) });
  repository.putManifest(stored?.mediaType ?? "", Buffer.from(JSON.stringify(manifest)), tag);
}

/** Changes the config of an image. */
export function changeConfig(
  repository: StoredRepository,
  tag: string,
  change: (config: ConfigJson) => void,
): void {
  const config = configIn(repository, tag);
  change(config);
  replaceConfig(repository, tag, JSON.stringify(config));
}

/** Replaces the package's own layer in the manifest, and in the config if that is to fit. */
export function replaceLayer(
  repository: StoredRepository,
  tag: string,
  layer: Buffer,
  configFits = true,
): void {
  const digest = repository.putBlob(layer);
  const stored = repository.manifests.get(repository.tags.get(tag) ?? "");
  const manifest = JSON.parse(stored?.bytes.toString() ?? "") as { layers: object[] };
  Object.assign(manifest.layers.at(-1) ?? {}, { digest, size: layer.length });
  repository.putManifest(stored?.mediaType ?? "", Buffer.from(JSON.stringify(manifest)), tag);
  if (!configFits) return;
  changeConfig(repository, tag, (config) => {
    config.rootfs.diff_ids[config.rootfs.diff_ids.length - 1] = `sha256:${sha256(gunzipSync(layer))}`;
    config.binary_cache_checksum.hash = digest.replace("sha256:", "");
  });
}

/** The package's own layer, with its spec changed to a text that is not longer. */
export function withSpec(layer: Buffer, change: (spec: string) => string): Buffer {
  const archive = gunzipSync(layer);
  const begin = archive.indexOf('{"spec"');
  const end = archive.indexOf(0, begin);
  const spec = change(archive.subarray(begin, end).toString());
  archive.fill(" ", begin, end);
  archive.write(spec, begin);
  return gzipSync(archive);
}

/** Changes the text of the package index. */
export function changeIndex(repository: StoredRepository, change: (index: string) => string): void {
  const { layers } = manifestIn(repository, "index.spack");
  const text = change(repository.blobs.get(layers[0]?.digest ?? "")?.toString() ?? "");
  replaceIndexLayer(repository, Buffer.from(text));
}

function replaceIndexLayer(repository: StoredRepository, text: Buffer): void {
  const digest = repository.putBlob(text);
  const stored = repository.manifests.get(repository.tags.get("index.spack") ?? "");
  const manifest = JSON.parse(stored?.bytes.toString() ?? "") as { layers: object[] };
  Object.assign(manifest.layers[0] ?? {}, { digest, size: text.length });
  repository.putManifest(stored?.mediaType ?? "", Buffer.from(JSON.stringify(manifest)), "index.spack");
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
