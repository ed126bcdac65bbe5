// The quickstart and the tests find a place for the sample store beside what others have put there.

import { chmodSync, chownSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { extractSampleStore, extractSampleStoreAt } from "../../scripts/sample-store.mjs";
import { scratchDirectory } from "../support/scratch.js";

const isRoot = process.getuid?.() === 0;
const NOBODY = 65_534;
const MARKER = ".spack-oci-sample";

let home: string;
beforeEach(() => {
  home = join(scratchDirectory("place"), "spackA");
  mkdirSync(home);
});
afterEach(() => {
  chmodSync(home, 0o755);
});

/** What is there stays as it is, and nothing is left beside it. */
function expectTaken(): void {
  expect(extractSampleStoreAt(home)).toBeUndefined();
  expect(readdirSync(dirname(home))).toEqual(["spackA"]);
}

describe("a place is taken", () => {
  it("by a directory with something else", () => {
    writeFileSync(join(home, "file"), "mine");
    expectTaken();
    expect(readFileSync(join(home, "file"), "utf8")).toBe("mine");
  });

  it("by a directory that cannot be entered", () => {
    chmodSync(home, 0o000);
    expectTaken();
  });

  it("by another user's private directory", (context) => {
    if (!isRoot) return context.skip("only root can make another user's directory");
    chmodSync(home, 0o700);
    chownSync(home, NOBODY, NOBODY);
    expectTaken();
  });

  it("by another user's copy of the sample, which may have been changed", (context) => {
    if (!isRoot) return context.skip("only root can make another user's directory");
    cpSync(join(dirname(extractSampleStore()), MARKER), join(home, MARKER));
    expect(extractSampleStoreAt(home)).toBe(join(home, "opt"));
    const other = join(scratchDirectory("place"), "spackA");
    mkdirSync(other);
    cpSync(join(home, MARKER), join(other, MARKER));
    chownSync(other, NOBODY, NOBODY);
    expect(extractSampleStoreAt(other)).toBeUndefined();
  });
});
