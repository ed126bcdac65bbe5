// The digests file is written whole, or not at all.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { requireDigestsFile, writeDigestsFile } from "../../src/render/digests-file.js";

const directory = mkdtempSync(join(tmpdir(), "spack-oci-digests-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const descriptor = (letter: string) => ({
  mediaType: "application/x",
  digest: `sha256:${letter.repeat(64)}` as const,
  size: 7,
});

it("replaces an existing file with a list of images", async () => {
  const path = join(directory, "digests.json");
  writeFileSync(path, "old");
  await requireDigestsFile(path);
  const layers = [{ ...descriptor("b"), urls: ["https://elsewhere"] }];
  await writeDigestsFile(path, "oci://h/p", [{ tag: "t", descriptor: descriptor("a"), layers }]);
  expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({
    mirror: "oci://h/p",
    images: [{ tag: "t", ...descriptor("a"), layers: [descriptor("b")] }],
  });
  expect(readdirSync(directory)).toEqual(["digests.json"]);
});

it("reports an unwritable file before any work", async () => {
  const refused = { code: "ERR_DIGESTS_FILE", kind: "usage" };
  const place = join(directory, "gone", "digests.json");
  await expect(requireDigestsFile(place)).rejects.toMatchObject({ ...refused, place });
  await expect(requireDigestsFile(directory)).rejects.toMatchObject({ ...refused, place: directory });
});

it("leaves nothing behind after a failure", async () => {
  const place = join(directory, "in-the-way");
  mkdirSync(place);
  await expect(writeDigestsFile(place, "m", [])).rejects.toMatchObject({
    code: "ERR_DIGESTS_FILE",
    kind: "failed",
  });
  expect(readdirSync(directory).filter((name) => name.endsWith(".temp"))).toEqual([]);
});
