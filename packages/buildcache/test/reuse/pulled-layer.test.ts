// Notes about the layers that installed packages came from.

import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { CacheDirectory } from "@spack-oci/oci-client";
import { beforeEach, expect, it } from "vitest";
import { scratchDirectory } from "../../../../tests/support/scratch.js";
import { noteLayer, type PullNote, readPullNote } from "../../src/reuse/pulled-layer.js";
import { hashOf } from "../support/nodes.js";

const scratch = scratchDirectory("notes");
const note: PullNote = {
  source: "oci-layout:/srv/cache",
  descriptor: { mediaType: "x", digest: `sha256:${"0".repeat(64)}`, size: 7 },
  diffId: `sha256:${"1".repeat(64)}`,
  prefix: "/opt/app",
  root: "/opt",
  sbangInstallPath: undefined,
  hashToPrefix: { [hashOf("app")]: "/opt/app" },
  fingerprint: "f",
};
const place = { root: "/home/me/spack", hash: hashOf("app") };

let cache: CacheDirectory;
beforeEach(() => {
  cache = new CacheDirectory(mkdtempSync(join(scratch, "cache-")));
});

it("survive a round trip", async () => {
  expect(await readPullNote(cache, place)).toBeUndefined();
  await noteLayer(cache, place, note);
  expect(await readPullNote(cache, place)).toEqual(JSON.parse(JSON.stringify(note)));
});

it("are kept for each store and package, and replaced by later ones", async () => {
  await noteLayer(cache, place, note);
  await noteLayer(cache, { ...place, root: "/other" }, { ...note, fingerprint: "g" });
  await noteLayer(cache, { ...place, hash: hashOf("lib") }, { ...note, fingerprint: "h" });
  expect((await readPullNote(cache, place))?.fingerprint).toBe("f");
  await noteLayer(cache, place, { ...note, fingerprint: "i" });
  expect((await readPullNote(cache, place))?.fingerprint).toBe("i");
  expect((await readPullNote(cache, { ...place, root: "/other" }))?.fingerprint).toBe("g");
});
