// Buildcaches of small made-up packages, as many and as strange as a test needs.

import { linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { packageTag } from "@spack-oci/buildcache";
import { MEDIA_TYPES, pushBytes, type Target } from "@spack-oci/oci-client";
import { packPrefix, spoolArchive } from "@spack-oci/spack-tarball";
import { hashText } from "../../packages/spack-spec/src/hash/dag-hash.js";

/** A package as a test describes it. */
export interface SyntheticPackage {
  /** A suffix after a dot distinguishes packages of the same name. */
  readonly name: string;
  /** Names of its link and run dependencies, which precede it. */
  readonly dependencies?: readonly string[];
  /** Default: `linux`. */
  readonly platform?: string;
  readonly target?: string;
  /** Below `/opt/spack/PLATFORM-TARGET` by default. */
  readonly prefix?: string;
  /** Contents by paths in the prefix; `-> TARGET` is a link, `== NAME` another name of a file. */
  readonly files?: Readonly<Record<string, string | Buffer>>;
  /** The root of its install tree; default: `/opt/spack`. */
  readonly root?: string;
  /** How its layer is compressed; default: like Spack, as a single stream. */
  readonly compressedBy?: "spack" | "spack-oci";
  /** `config.Env` of its image. */
  readonly environment?: readonly string[];
}

/** A package in a buildcache. */
export interface PushedPackage {
  readonly tag: string;
  readonly hash: string;
  readonly prefix: string;
  /** The digest of its layer. */
  readonly layer: string;
}

/** A node as in spec documents. */
export interface SpecJson {
  readonly name: string;
  readonly hash: string;
  readonly dependencies: readonly { readonly hash: string }[];
}

const DEFAULT_ROOT = "/opt/spack";

/** Pushes packages in order. @returns them by name */
export async function pushSynthetic(
  target: Target,
  packages: readonly SyntheticPackage[],
): Promise<ReadonlyMap<string, PushedPackage>> {
  const specs = new Map<string, SpecJson>();
  const pushed = new Map<string, PushedPackage>();
  for (const each of packages) {
    const spec = specOf(each, specs);
    specs.set(each.name, spec);
    pushed.set(each.name, await pushPackage(target, each, spec, [...specs.values()]));
  }
  return pushed;
}

async function pushPackage(
  target: Target,
  each: SyntheticPackage,
  spec: SpecJson,
  specs: readonly SpecJson[],
): Promise<PushedPackage> {
  const { name, platform = "linux", target: microarchitecture = "x86_64" } = each;
  const { root = DEFAULT_ROOT } = each;
  const prefix = each.prefix ?? `${root}/${platform}-${microarchitecture}/${name}-1-${spec.hash}`;
  const nodes = closureOf(spec, new Map(specs.map((other) => [other.hash, other])));
  const document = { spec: { _meta: { version: 5 }, nodes } };
  const { bytes, diffId } = await layerOf(each, document, prefix);
  const { descriptor: layer } = await pushBytes(target, bytes, { mediaType: MEDIA_TYPES.ociLayerGzip });
  const config = {
    architecture: microarchitecture.startsWith("x86_64") ? "amd64" : "arm64",
    os: "linux",
    rootfs: { type: "layers", diff_ids: [diffId] },
    config: { Env: each.environment ?? [`PATH=${prefix}/bin:/bin:/usr/bin`, `CMAKE_PREFIX_PATH=${prefix}`] },
    ...document,
    buildcache_layout_version: 3,
    archive_timestamp: "2026-01-02T03:04:05.678901+00:00",
  };
  const text = Buffer.from(JSON.stringify(config));
  const { descriptor } = await pushBytes(target, text, { mediaType: MEDIA_TYPES.ociConfig });
  const manifest = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.ociManifest,
    config: descriptor,
    layers: [layer],
  };
  const tag = packageTag({ name: spec.name, version: "1", hash: spec.hash });
  await pushBytes(target, Buffer.from(JSON.stringify(manifest)), { mediaType: MEDIA_TYPES.ociManifest, tag });
  return { tag, hash: spec.hash, prefix, layer: layer.digest };
}

/** The node and everything below it. */
function closureOf(node: SpecJson, known: ReadonlyMap<string, SpecJson>): SpecJson[] {
  const found = new Set([node]);
  for (const each of found) for (const { hash } of each.dependencies) found.add(known.get(hash) as SpecJson);
  return [...found];
}

/** The spec of a package, with its hash. */
export function specOf(
  { name, platform = "linux", target = "x86_64", dependencies = [] }: SyntheticPackage,
  known: ReadonlyMap<string, SpecJson>,
): SpecJson & Record<string, unknown> {
  const node = {
    name: name.replace(/\..*$/, ""),
    version: "1",
    arch: { platform, platform_os: platform === "darwin" ? "sonoma" : "debian12", target },
    namespace: "builtin",
    parameters: {},
    package_hash: name,
    dependencies: dependencies.map((dependency) => ({
      name: dependency.replace(/\..*$/, ""),
      hash: known.get(dependency)?.hash ?? "",
      parameters: { deptypes: ["link", "run"], virtuals: [] },
    })),
    annotations: { original_specfile_version: 5 },
  };
  return { ...node, hash: hashText(JSON.stringify(node)) };
}

async function layerOf(
  {
    name,
    files = { [`bin/${name}`]: `I am ${name}\n` },
    root = DEFAULT_ROOT,
    compressedBy = "spack",
  }: SyntheticPackage,
  document: object,
  prefix: string,
): Promise<{ readonly bytes: Buffer; readonly diffId: string }> {
  const scratch = mkdtempSync(join(tmpdir(), "spack-oci-synthetic-"));
  const directory = join(scratch, "prefix");
  try {
    const withSpec = { ...files, ".spack/spec.json": JSON.stringify(document) };
    for (const [path, content] of Object.entries(withSpec)) {
      const place = join(directory, path);
      mkdirSync(dirname(place), { recursive: true });
      if (typeof content !== "string") writeFileSync(place, content);
      else if (content.startsWith("-> ")) symlinkSync(content.slice(3), place);
      else if (content.startsWith("== ")) linkSync(join(directory, content.slice(3)), place);
      else writeFileSync(place, content, { mode: path.startsWith("bin/") ? 0o755 : 0o644 });
    }
    const archive = packPrefix({
      prefix,
      directory,
      buildPath: root,
      sbangInstallPath: `${root}/bin/sbang`,
      spackPrefix: undefined,
      relativePrefix: prefix.slice(`${root}/`.length),
      hashToPrefix: new Map(),
    });
    const { diffId, path } = await spoolArchive(archive, join(scratch, "layer"));
    const bytes = readFileSync(path);
    return { bytes: compressedBy === "spack" ? gzipSync(gunzipSync(bytes)) : bytes, diffId };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
