// What a copy decides from the names of tags.

import { MemoryTarget } from "@spack-oci/oci-client";
import { describe, expect, it } from "vitest";
import type { CopySource } from "../../../src/verbs/copy/copy-source.js";
import { compareTags } from "../../../src/verbs/copy/plan-copy.js";

const HASH = "a".repeat(32);
const APP = `app-1-${HASH}.spack`;
const LIB = `lib-1-${HASH}.spack`;
const LIST = `sha256-${"0".repeat(64)}`;
const source: CopySource = { mirror: new MemoryTarget(), tags: new Set(), companions: new Map() };

function compare(chosen: readonly string[], existing: readonly string[], verify = false) {
  const compared = compareTags(new Map(chosen.map((tag) => [tag, source])), new Set(existing), verify);
  const { surplus, ...items } = compared;
  return {
    ...Object.fromEntries(Object.entries(items).map(([kind, found]) => [kind, found.map(({ tag }) => tag)])),
    surplus,
  };
}

const NOTHING = { missing: [], uncertain: [], present: [], referrerLists: [], surplus: [] };

describe("compareTags", () => {
  it("copies tags that the destination lacks", () => {
    expect(compare([APP, "latest"], [])).toEqual({ ...NOTHING, missing: [APP, "latest"] });
  });

  it("trusts existing tags of packages, but not other ones", () => {
    expect(compare([APP, "latest"], [APP, "latest"])).toEqual({
      ...NOTHING,
      present: [APP],
      uncertain: ["latest"],
    });
  });

  it("does not trust a tag without a DAG hash, even if it ends like a package's", () => {
    expect(compare(["mine.spack"], ["mine.spack"])).toMatchObject({ uncertain: ["mine.spack"], present: [] });
  });

  it("trusts no tag on request", () => {
    expect(compare([APP, LIB], [APP], true)).toEqual({ ...NOTHING, missing: [LIB], uncertain: [APP] });
  });

  it("merges referrers lists, whether or not the destination has them", () => {
    for (const existing of [[], [LIST]]) {
      expect(compare([LIST], existing)).toEqual({ ...NOTHING, referrerLists: [LIST] });
    }
    const { referrerLists } = compareTags(new Map([[LIST, source]]), new Set(), false);
    expect(referrerLists).toEqual([{ tag: LIST, source, subject: `sha256:${"0".repeat(64)}` }]);
  });

  it("counts tags that no source has as surplus, except for the index and referrers lists", () => {
    expect(compare([APP], [LIB, "old", APP, "index.spack", LIST])).toEqual({
      ...NOTHING,
      present: [APP],
      surplus: [LIB, "old"],
    });
  });
});
