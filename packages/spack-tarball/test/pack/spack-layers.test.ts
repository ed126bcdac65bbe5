// Layers that a real Spack pushed give the same archives when they are unpacked and packed again.

import { createHash } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import type { BuildInfo } from "../../src/build-info/build-info.js";
import { parseBuildInfo } from "../../src/build-info/parse-build-info.js";
import { decompress } from "../../src/compression/decompress.js";
import { packPrefix } from "../../src/pack/pack-prefix.js";
import { readTar } from "../../src/tar/tar-reader.js";
import { type UnpackedLayer, unpackLayer } from "../../src/unpack/unpack-layer.js";
import { chunked, collect } from "../support/bytes.js";
import { freshPath } from "../support/directories.js";
import { type SpackPackage, spackPackages } from "../support/spack-packages.js";

const packages = spackPackages();
const unpacked = new Map<SpackPackage, { layer: UnpackedLayer; directory: string }>();

/** Spack writes some names of tricky-names in a form that it cannot read back. */
const WRITTEN_OTHERWISE = "tricky-names";

beforeAll(async () => {
  for (const one of packages) {
    const directory = freshPath();
    unpacked.set(one, { layer: await unpackLayer(chunked(one.layer, 5000), directory), directory });
  }
});

function repacked(one: SpackPackage): Promise<Buffer> {
  const { layer, directory } = found(one);
  return collect(packPrefix({ ...layer.buildInfo, prefix: `/${layer.memberPrefix}`, directory }));
}

function found(one: SpackPackage) {
  const result = unpacked.get(one);
  if (result === undefined) throw new Error("not unpacked");
  return result;
}

async function members(archive: Buffer) {
  const result: { header: object; content: Buffer }[] = [];
  for await (const member of readTar(chunked(archive))) {
    result.push({ header: member.header, content: Buffer.from(await member.bytes()) });
  }
  return result;
}

describe("layers of a real Spack", () => {
  it("number twenty", () => {
    expect(packages).toHaveLength(20);
  });

  it.each(packages.filter(({ name }) => name !== WRITTEN_OTHERWISE))(
    "$name $hash is packed again to the same digest",
    async (one) => {
      const digest = createHash("sha256")
        .update(await repacked(one))
        .digest("hex");
      expect(`sha256:${digest}`).toBe(one.diffId);
    },
  );

  it("of tricky-names give the same members and lists", async () => {
    const one = packages.find(({ name }) => name === WRITTEN_OTHERWISE) as SpackPackage;
    const theirs = await members(await collect(decompress(chunked(one.layer))));
    const ours = await members(await repacked(one));
    const parsed = (list: typeof ours): BuildInfo => parseBuildInfo(list.at(-1)?.content.toString() ?? "");
    expect(parsed(ours)).toEqual(parsed(theirs));
    expect(parsed(ours).relocateTextFiles.length).toBeGreaterThan(50);
    expect(ours.slice(0, -1)).toEqual(theirs.slice(0, -1));
    expect(ours.at(-1)?.header).toEqual({
      ...theirs.at(-1)?.header,
      size: ours.at(-1)?.content.length,
    });
  });

  it.each(packages)("$name $hash knows its own hash and prefix", (one) => {
    const { buildInfo, memberPrefix } = found(one).layer;
    expect(buildInfo.hashToPrefix.get(one.hash)).toBe(`/${memberPrefix}`);
    expect([...buildInfo.hashToPrefix.keys()][0]).toBe(one.hash);
    expect(`${buildInfo.buildPath}/${buildInfo.relativePrefix}`).toBe(`/${memberPrefix}`);
  });
});
