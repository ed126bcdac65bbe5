// A store is found by its padded and by its unpadded root.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { addPadding } from "../../src/store/padding.js";
import { openStore, storeAt } from "../../src/store/store.js";
import { temporaryDirectory } from "../support/temporary.js";

function makeStore(unpadded: string, length: number): string {
  const root = addPadding(unpadded, length);
  mkdirSync(join(root, ".spack-db"), { recursive: true });
  mkdirSync(join(unpadded, "bin"), { recursive: true });
  writeFileSync(join(unpadded, "bin", "sbang"), "");
  return root;
}

describe("openStore", () => {
  // no padding, less than one placeholder, one, several and the end of one, and the end replaced by "_"
  it.each([0, 5, 27, 100, 2 * 27 + 1])(
    "finds a store padded by %i characters from either root",
    async (padding) => {
      const unpaddedRoot = temporaryDirectory();
      const root = makeStore(unpaddedRoot, unpaddedRoot.length + padding);
      const expected = {
        root,
        unpaddedRoot,
        sbangPath: join(unpaddedRoot, "bin", "sbang"),
        databaseDirectory: join(root, ".spack-db"),
      };
      expect(await openStore(root)).toEqual(expected);
      expect(await openStore(unpaddedRoot)).toEqual(expected);
      expect(storeAt(unpaddedRoot, unpaddedRoot.length + padding)).toEqual(expected);
    },
  );

  it("does not mistake a directory with such a name for padding", async () => {
    const directory = join(temporaryDirectory(), "_");
    mkdirSync(join(directory, ".spack-db"), { recursive: true });
    expect(await openStore(directory)).toMatchObject({ root: directory, unpaddedRoot: directory });
  });

  it("reports a missing store, and several stores", async () => {
    const directory = temporaryDirectory();
    const missing = expect.objectContaining({
      code: "ERR_STORE_NOT_FOUND",
      kind: "not-found",
      place: directory,
    });
    await expect(openStore(directory)).rejects.toEqual(missing);
    await expect(openStore(join(directory, "nowhere"))).rejects.toMatchObject({
      code: "ERR_STORE_NOT_FOUND",
    });
    makeStore(directory, directory.length + 30);
    makeStore(directory, directory.length + 60);
    await expect(openStore(directory)).rejects.toMatchObject({ code: "ERR_STORE_AMBIGUOUS", kind: "usage" });
  });
});
