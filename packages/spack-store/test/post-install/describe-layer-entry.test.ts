// The manifest of a layer does not depend on the machine.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { describeLayerEntry, type LayerEntry } from "../../src/post-install/describe-layer-entry.js";
import { ManifestFile } from "../../src/post-install/manifest-file.js";
import { temporaryDirectory } from "../support/temporary.js";

it("describes directories, links files, and the prefix itself", async () => {
  const sha1 = createHash("sha1").update("hello\n").digest();
  const entries: LayerEntry[] = [
    { type: "directory", path: "" },
    { type: "directory", path: "bin" },
    { type: "file", path: "bin/tool", executable: true, size: 6, sha1 },
    { type: "file", path: "bin/text", executable: false, size: 6, sha1 },
    { type: "symlink", path: "link", target: "/opt/p/bin/tool" },
    { type: "file", path: ".spack/install_manifest.json", size: 6, sha1 },
    { type: "file", path: ".spack/install_times.json", size: 6, sha1 },
  ];
  const owner = '"owner":0,"group":0';
  const file = `${owner},"hash":"6VZNHFX25EQGMKDRJ6ZM4AHXF2KPEJMP","time":0.0,"size":6`;
  const path = join(temporaryDirectory(), "manifest");
  const manifest = await ManifestFile.create(path, "/opt/p");
  for (const entry of entries) await manifest.add(entry.path, describeLayerEntry(entry));
  await manifest.end();
  await manifest.close();
  const members = [
    `"/opt/p":{"mode":17901,${owner}}`,
    `"/opt/p/bin":{"mode":17901,${owner}}`,
    `"/opt/p/bin/tool":{"mode":33261,${file}}`,
    `"/opt/p/bin/text":{"mode":33188,${file}}`,
    `"/opt/p/link":{"mode":41471,${owner},"dest":"/opt/p/bin/tool"}`,
  ];
  expect(readFileSync(path, "utf8")).toBe(`{${members.join(",")}}`);
});
