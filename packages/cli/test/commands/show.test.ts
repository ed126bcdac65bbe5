// How show prints a package.

import type { ShowResult } from "@spack-oci/buildcache";
import { filterPadding } from "@spack-oci/spack-store";
import { expect, it } from "vitest";
import { renderShow } from "../../src/commands/show.js";

const hash = "a".repeat(32);
const padding = "/__spack_path_placeholder__".repeat(4);
const prefix = `/opt${padding}/zlib-1.3-${hash}`;
const descriptor = (digit: string, size: number) => ({
  mediaType: "application/vnd.oci.image.layer.v1.tar+gzip",
  digest: `sha256:${digit.repeat(64)}` as const,
  size,
});
const node = (name: string, external?: object) =>
  ({
    name,
    version: "1.3",
    hash: name === "zlib" ? hash : "b".repeat(32),
    external,
  }) as unknown as ShowResult["node"];

const result: ShowResult = {
  tag: `zlib-1.3-${hash}.spack`,
  node: node("zlib"),
  manifest: descriptor("1", 700),
  layer: descriptor("2", 1500),
  layers: [descriptor("3", 500), descriptor("2", 1500)],
  tree: [
    { node: node("zlib"), depth: 0, text: "zlib@=1.3+shared", size: 1500 },
    { node: node("glibc", { path: "/usr" }), depth: 1, text: "glibc@=2.36", size: undefined },
  ],
  place: {
    prefix,
    root: `/opt${padding}`,
    unpaddedRoot: "/opt",
    paddedLength: 112,
    projection: "{name}-{version}-{hash}",
    by: "binary_distribution",
  },
  spackVersion: "1.2.0",
  packedAt: new Date(0),
  environment: [`PATH=${prefix}/bin:${prefix}/sbin:/bin`],
  files: [
    { name: "opt/", type: "directory", mode: 0o755, size: 0, target: "" },
    { name: `${prefix.slice(1)}/lib/libz.so`, type: "symlink", mode: 0o755, size: 0, target: "libz.so.1" },
  ],
};

it("prints facts, the spec tree, the environment and the files below the prefix", () => {
  const { lines, status } = renderShow(result, filterPadding);
  expect(status).toBe(0);
  expect(lines[0]).toBe("zlib@=1.3+shared");
  expect(lines).toContain("  image:      2 layers, 2.0 kB");
  expect(lines).toContain(`  prefix:     ${prefix}`);
  expect(lines).toContain("  packed:     1970-01-01T00:00:00.000Z");
  expect(lines).toContain("  aaaaaaa   1.5 kB  zlib@=1.3+shared");
  expect(lines).toContain("  bbbbbbb        -      ^glibc@=2.36");
  expect(lines).toContain("  l0755      0 B  lib/libz.so -> libz.so.1");
  expect(lines.filter((line) => line.includes("d0755"))).toEqual([]);
});

it("shortens the padding of each path in a list by itself", () => {
  const environment = renderShow(result, filterPadding).lines.find((line) => line.startsWith("  PATH="));
  expect(environment?.match(/\[padded-to-112-chars\]/g)).toHaveLength(2);
});

it("says what is unknown, and leaves files out unless they were read", () => {
  const bare = {
    ...result,
    place: undefined,
    spackVersion: undefined,
    packedAt: undefined,
    files: undefined,
  };
  const { lines, json } = renderShow(bare, filterPadding);
  expect(lines).toContain("  prefix:     unknown");
  expect(lines).not.toContain("Files:");
  expect(json).toMatchObject({ place: null, spackVersion: null, packedAt: null, name: "zlib", hash });
  expect(json).not.toHaveProperty("files");
});

it("keeps whole paths in JSON", () => {
  const { json } = renderShow(result, filterPadding);
  expect(json).toMatchObject({
    tag: result.tag,
    tree: [
      { name: "zlib", size: 1500, external: false },
      { name: "glibc", size: null, external: true },
    ],
    place: { prefix },
    environment: result.environment,
    files: [{ name: "opt/" }, { target: "libz.so.1" }],
  });
});
