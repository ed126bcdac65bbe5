// Buildcaches of Spack 0.21 to 0.23, and layers with the keys of even older versions, can be read too.

import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import {
  bodyOf,
  type Descriptor,
  descriptorOf,
  fetchBytes,
  fetchManifest,
  ImageLayout,
  isImageIndex,
  MEDIA_TYPES,
} from "@spack-oci/oci-client";
import { type BuildInfo, decompress, parseBuildInfo, readTar } from "@spack-oci/spack-tarball";
import { pack } from "tar-stream";
import { describe, expect, it } from "vitest";
import { spackOci } from "../support/command-line.js";
import { describePrefix } from "../support/describe-prefix.js";
import { fixture, type Oracle, readJson } from "../support/fixtures.js";
import { scratchDirectory } from "../support/scratch.js";

const LIMIT = 64 * 1024 * 1024;
const oracle = readJson<Oracle>("expected-B.json");
const fixtureLayout = new ImageLayout(fixture("oci-layout-main"));
const packages = [
  "gcc-runtime-12.2.0-mysq6wt4gnlcxnyqdavvsy4ifiwu7zgx.spack",
  "json-c-lite-0.18-exoqmbsmof5qncjfcc3uyoqikrb3rrpd.spack",
];

type Node = Record<string, unknown> & { hash: string; name: string };

/** How to write a layer's last member, and whether to include parent directories. */
interface Age {
  readonly layoutVersion: number | undefined;
  readonly parents: boolean;
  readonly write: (info: BuildInfo) => string;
}

const list = (names: readonly string[]) =>
  names.length === 0 ? " []" : names.map((name) => `\n- ${name}`).join("");
const paths = (info: BuildInfo) =>
  `sbang_install_path: ${info.sbangInstallPath}\nbuildpath: ${info.buildPath}\nspackprefix: ${info.spackPrefix}\n` +
  `relative_prefix: ${info.relativePrefix}\nrelocate_textfiles:${list(info.relocateTextFiles)}\n` +
  `relocate_binaries:${list(info.relocateBinaries)}\nrelocate_links:${list(info.relocateLinks)}\n`;
const mapping = (entries: Iterable<readonly [string, string]>) =>
  [...entries].map(([key, value]) => `\n  ${key}: ${value}`).join("");

const ages: [string, Age][] = [
  [
    "0.23",
    {
      layoutVersion: 1,
      parents: true,
      write: (info) =>
        `${paths(info)}hardlinks_deduped: true\nhash_to_prefix:${mapping(info.hashToPrefix)}\n`,
    },
  ],
  [
    "0.22",
    {
      layoutVersion: 2,
      parents: true,
      write: (info) =>
        `${paths(info)}hardlinks_deduped: true\nhash_to_prefix:${mapping(info.hashToPrefix)}\n`,
    },
  ],
  [
    "0.19, without parent directories",
    {
      layoutVersion: undefined,
      parents: false,
      write: (info) => {
        const inverse = [...info.hashToPrefix].map(([hash, prefix]) => [prefix, hash] as const);
        return `${paths(info)}relative_rpaths: false\nprefix_to_hash:${mapping(inverse)}\n`;
      },
    },
  ],
];

describe.each(ages)("a buildcache of Spack %s", (name, age) => {
  it("is listed, and pulled to the same trees", async () => {
    const directory = scratchDirectory("older");
    await writeOldBuildcache(new ImageLayout(`${directory}/cache`), age);
    const mirror = `oci-layout:${directory}/cache`;
    const listed = await spackOci(["list", mirror, "--format", "{name}@{version} %{compiler}"]);
    expect(listed.stdout).toBe("gcc-runtime@12.2.0 %gcc@=12.2.0\njson-c-lite@0.18 %gcc@=12.2.0\n");

    const root = `${directory}/o`;
    const run = await spackOci(["pull", mirror, "json-c-lite", "--root", root]);
    expect(run).toMatchObject({ status: 0 });
    expect(run.stderr).toMatch(
      /The DAG hashes of .*json-c-lite@0.18.* in .* cannot be verified: .* from an older Spack/,
    );
    const expected = Object.values(oracle.installs).find((install) => install.name === "json-c-lite");
    const prefix = `${root}/linux-x86_64_v3/json-c-lite-0.18-exoqmbsmof5qncjfcc3uyoqikrb3rrpd`;
    const found = describePrefix(prefix).entries;
    const relocated = found["lib/pkgconfig/json-c.pc"];
    expect(relocated).toBeDefined();
    const shape = (entries: typeof found) =>
      Object.fromEntries(Object.entries(entries).map(([path, { type, mode }]) => [path, { type, mode }]));
    expect(shape(found)).toEqual(shape(expected?.entries ?? {}));
    expect(JSON.stringify(found), name).not.toContain("__spack_path_placeholder__");
  });
});

async function writeOldBuildcache(layout: ImageLayout, age: Age): Promise<void> {
  const layers = new Map<string, { descriptor: Descriptor; diffId: string }>();
  for (const tag of packages) {
    const { manifest } = await fetchManifest(fixtureLayout, tag);
    if (isImageIndex(manifest)) throw new Error(`${tag} is not an image`);
    const config = JSON.parse(
      (await fetchBytes(fixtureLayout, manifest.config, { limit: LIMIT })).toString(),
    ) as {
      spec: { nodes: Node[] };
    };
    const own = manifest.layers.at(-1);
    if (own === undefined) throw new Error(`${tag} has no layers`);
    const tar = await oldLayer(own, age);
    const bytes = gzipSync(tar);
    const descriptor = descriptorOf(MEDIA_TYPES.ociLayerGzip, bytes);
    layers.set(tag, { descriptor, diffId: descriptorOf("", tar).digest });
    await layout.push(descriptor, bodyOf(bytes));
    const all = [...layers.values()];
    const text = JSON.stringify({
      architecture: "amd64",
      os: "linux",
      rootfs: { type: "layers", diff_ids: all.map((layer) => layer.diffId) },
      config: { Env: [] },
      spec: { _meta: { version: 4 }, nodes: config.spec.nodes.filter(isKept).map(oldNode) },
      ...(age.layoutVersion === undefined ? {} : { buildcache_layout_version: age.layoutVersion }),
      binary_cache_checksum: { hash_algorithm: "sha256", hash: descriptor.digest.slice(7) },
    });
    const configDescriptor = descriptorOf(MEDIA_TYPES.ociConfig, Buffer.from(text));
    await layout.push(configDescriptor, bodyOf(Buffer.from(text)));
    const image = Buffer.from(
      JSON.stringify({
        mediaType: MEDIA_TYPES.ociManifest,
        schemaVersion: 2,
        config: configDescriptor,
        layers: all.map((layer) => layer.descriptor),
      }),
    );
    await layout.push(descriptorOf(MEDIA_TYPES.ociManifest, image), bodyOf(image), { tag });
  }
}

/** Compilers were not dependencies before Spack 1.0. */
function isKept({ name }: Node): boolean {
  return ["gcc-runtime", "json-c-lite", "glibc"].includes(name);
}

/** Without a package hash: Spack before 0.18 concretized it, so that nobody can compute its hash. */
function oldNode({ annotations: _annotations, package_hash: _hash, ...node }: Node): object {
  const dependencies = (node["dependencies"] as { name: string; parameters: object }[] | undefined) ?? [];
  const old = dependencies
    .filter((edge) => isKept(edge as unknown as Node))
    .map(({ parameters, ...edge }) => ({
      ...edge,
      parameters: Object.fromEntries(Object.entries(parameters).filter(([key]) => key !== "direct")),
    }));
  const entries: [string, unknown][] = Object.entries({ ...node, dependencies: old });
  const arch = entries.findIndex(([key]) => key === "arch");
  entries.splice(arch + 1, 0, ["compiler", { name: "gcc", version: "12.2.0" }]);
  return Object.fromEntries(entries);
}

async function oldLayer(layer: Descriptor, { parents, write }: Age): Promise<Buffer> {
  const archive = pack();
  const chunks = Readable.from(archive).toArray();
  const add = (header: Parameters<typeof archive.entry>[0], content: Buffer) =>
    new Promise<void>((resolve, reject) => {
      archive.entry(header, content, (error) => (error ? reject(error) : resolve()));
    });
  let isBelowPrefix = false;
  for await (const { header, bytes } of withBytes(layer)) {
    isBelowPrefix ||= /-[a-z2-7]{32}\/?$/.test(header.name);
    if (!parents && !isBelowPrefix) continue;
    const isLast = header.name.endsWith(".spack/binary_distribution");
    const content = isLast ? Buffer.from(write(parseBuildInfo(bytes.toString()))) : bytes;
    const type = { file: "file", directory: "directory", symlink: "symlink", hardlink: "link" } as const;
    const kind = type[header.type as keyof typeof type];
    const linkname = header.linkName === "" ? {} : { linkname: header.linkName };
    await add(
      { name: header.name, type: kind, mode: header.mode, size: content.length, ...linkname },
      content,
    );
  }
  archive.finalize();
  return Buffer.concat((await chunks) as Buffer[]);
}

async function* withBytes(layer: Descriptor) {
  for await (const member of readTar(decompress(await fixtureLayout.fetch(layer)))) {
    yield { header: member.header, bytes: Buffer.from(await member.bytes()) };
  }
}
