// Spack v3 mirrors in directories: packages of the fixture on their way there and back.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MEDIA_TYPES, MemoryTarget } from "@spack-oci/oci-client";
import { beforeEach, describe, expect, it } from "vitest";
import { scratchDirectory } from "../../../../../tests/support/scratch.js";
import { readPackageImage } from "../../../src/package-image/read-image.js";
import { DirectoryFiles } from "../../../src/sources/v3-mirror/directory-files.js";
import { LAYOUT_PATH } from "../../../src/sources/v3-mirror/layout.js";
import { readContents } from "../../../src/sources/v3-mirror/read-mirror.js";
import { v3Sink } from "../../../src/sources/v3-mirror/v3-sink.js";
import { writeMirrorIndex } from "../../../src/sources/v3-mirror/write-mirror-index.js";
import { copy } from "../../../src/verbs/copy/copy.js";
import { fixtureLayout, fixtureTag } from "../../support/image.js";
import { recordedRun } from "../../support/run.js";

const scratch = scratchDirectory("v3-mirror");
const request = { specs: ["json-c-lite"], withBuildDependencies: false };
let directory: string;
let files: DirectoryFiles;
let run: ReturnType<typeof recordedRun>;
beforeEach(() => {
  directory = mkdtempSync(join(scratch, "mirror-"));
  files = new DirectoryFiles(directory);
  run = recordedRun();
});

function copyToMirror() {
  return copy([fixtureLayout], { ...request, to: [files] }, { run });
}

async function namesIn(mirror: DirectoryFiles): Promise<string[]> {
  return (await readContents(mirror, run)).packages.map(({ name }) => name).sort();
}

describe("a copy to a directory", () => {
  it("writes a layout, manifests, blobs and an index, and no temporary files", async () => {
    const [result] = await copyToMirror();
    expect(result?.tags.map(({ outcome }) => outcome)).toEqual(["copied", "copied"]);
    expect(result?.index).toMatchObject({ outcome: "written", specs: 2 });
    const all = readdirSync(directory, { recursive: true }).map(String);
    expect(all.filter((path) => path.endsWith(".tmp"))).toEqual([]);
    expect(all.filter((path) => path.endsWith(".spec.manifest.json"))).toHaveLength(2);
    expect(readFileSync(join(directory, LAYOUT_PATH), "utf8")).toBe('{"signing": "gpg"}');
    expect(await namesIn(files)).toEqual(["gcc-runtime", "json-c-lite"]);
  });

  it("copies nothing twice", async () => {
    await copyToMirror();
    const [again] = await copyToMirror();
    expect(again).toMatchObject({ planned: [], index: { outcome: "unchanged" } });
    expect(again?.present).toHaveLength(2);
  });
});

describe("a copy from a directory", () => {
  it("keeps archives byte for byte, and makes images like those of a push", async () => {
    await copyToMirror();
    const target = new MemoryTarget("back");
    await copy([files], { ...request, to: [target] }, { run });
    for (const start of ["json-c-lite", "gcc-runtime"]) {
      const tag = await fixtureTag(start);
      const [there, back] = await Promise.all(
        [fixtureLayout, target].map((each) => readPackageImage(each, tag)),
      );
      expect(back?.layer).toEqual(there?.layer);
      expect(back?.document.root.hash).toBe(there?.document.root.hash);
      expect(back?.fetched.manifest.layers).toHaveLength(there?.fetched.manifest.layers.length ?? 0);
    }
  });

  it("fails if the archive is damaged, without an image", async () => {
    await copyToMirror();
    const { layer } = await readPackageImage(fixtureLayout, await fixtureTag("json-c-lite"));
    const [, checksum = ""] = layer.descriptor.digest.split(":");
    const blob = join(directory, "blobs", "sha256", checksum.slice(0, 2), checksum);
    writeFileSync(blob, Buffer.alloc(readFileSync(blob).length));
    const target = new MemoryTarget("back");
    const [result] = await copy([files], { ...request, to: [target] }, { run });
    expect(result?.tags.map(({ outcome }) => outcome)).toEqual(["copied", "failed"]);
    await expect(target.resolve(await fixtureTag("json-c-lite"))).rejects.toMatchObject({
      kind: "not-found",
    });
  });
});

describe("the index", () => {
  beforeEach(copyToMirror);

  it("is rebuilt from the manifests if it is gone", async () => {
    rmSync(join(directory, "v3", "manifests", "index"), { recursive: true });
    expect(await namesIn(files)).toEqual(["gcc-runtime", "json-c-lite"]);
    expect(await writeMirrorIndex(files, new Map(), run)).toMatchObject({ outcome: "written", specs: 2 });
  });

  it("drops packages whose manifest is gone", async () => {
    rmSync(join(directory, "v3", "manifests", "spec", "json-c-lite"), { recursive: true });
    const { removed, added, outcome } = await writeMirrorIndex(files, new Map(), run);
    expect(removed.map(({ name }) => name)).toEqual(["json-c-lite"]);
    expect({ added, outcome }).toEqual({ added: [], outcome: "written" });
    expect(await namesIn(files)).toEqual(["gcc-runtime"]);
  });
});

describe("files", () => {
  it("that do not exist are not found, also below a file", async () => {
    writeFileSync(join(directory, "file"), "");
    for (const path of ["none", "file/none"]) {
      await expect(files.read(path)).rejects.toMatchObject({
        code: "ERR_URL_MIRROR_MISSING",
        kind: "not-found",
      });
      expect(await files.exists(path)).toBe(false);
    }
    expect(await files.specManifests()).toEqual([]);
  });

  it("are replaced, and left alone if writing fails", async () => {
    await files.write("a/b", "old");
    await files.write("a/b", "new");
    async function* broken() {
      yield Buffer.from("half");
      throw new Error("stopped");
    }
    await expect(files.write("a/b", broken())).rejects.toThrow("stopped");
    expect(readFileSync(join(directory, "a", "b"), "utf8")).toBe("new");
    expect(readdirSync(join(directory, "a"))).toEqual(["b"]);
  });

  it("a directory without a layout is not a mirror", async () => {
    await expect(readContents(files, run)).rejects.toMatchObject({
      code: "ERR_URL_MIRROR_NONE",
      message: `${directory} is not a Spack mirror: it has no v3/layout.json.`,
    });
  });
});

it("a layer that is not gzip is rejected before anything is written", async () => {
  const { document, layer } = await readPackageImage(fixtureLayout, await fixtureTag("json-c-lite"));
  const plan = { graph: document.graph, packages: [], roots: [], todo: [], present: [] };
  const writer = await v3Sink(files).open({ ...plan, source: {} as never }, run);
  const entry = {
    document,
    archive: { ...layer.descriptor, mediaType: MEDIA_TYPES.ociLayerZstd },
    place: "here",
    isUnverified: false,
    open: () => fixtureLayout.fetch(layer.descriptor),
  };
  await expect(writer.send(document.root, entry)).rejects.toMatchObject({
    code: "ERR_URL_MIRROR_COMPRESSION",
    kind: "unsupported",
  });
  expect(existsSync(join(directory, "blobs"))).toBe(false);
});
