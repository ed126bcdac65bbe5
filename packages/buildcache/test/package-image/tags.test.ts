// Tags as Spack derives them from specs, and what a tag reveals.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashInTag, INDEX_TAG, isPackageTag, packageTag, tagMayBeOf } from "../../src/package-image/tags.js";

const hash = "zkuhj5ht4jh2ixpjc6au7yhj2go5xpxx";

describe("packageTag", () => {
  it.each([
    ["zlib", "1.3.1", `zlib-1.3.1-${hash}.spack`],
    ["data-lite", "git.main=1.0", `data-lite-git.main_1.0-${hash}.spack`],
    ["a", "1+2 3/4:5@6~7", `a-1_2_3_4_5_6_7-${hash}.spack`],
    ["ünïcode", "1", `_n_code-1-${hash}.spack`],
    ["astral-\u{1f4e6}", "1", `astral-_-1-${hash}.spack`],
    ["_x.y", "develop", `_x.y-develop-${hash}.spack`],
  ])("of %s@%s", (name, version, tag) => {
    expect(packageTag({ name, version, hash })).toBe(tag);
  });

  it("drops the middle of a tag longer than 128 characters, like the fixture's longest", () => {
    const name =
      "mochi-package-with-an-extraordinarily-long-name-that-does-not-fit-in-a-hundred-and-twenty-eight-byte-tag";
    const tag = packageTag({ name, version: "2025.01.01-rc.1", hash });
    expect(tag).toHaveLength(128);
    expect(tag).toBe(
      "mochi-package-with-an-extraordinarily-long-name-that-does-not-fi" +
        `ght-byte-tag-2025.01.01-rc.1-${hash}.spack`.slice(-64),
    );
  });

  it("keeps a tag of exactly 128 characters", () => {
    const name = "n".repeat(128 - `-1-${hash}.spack`.length);
    expect(packageTag({ name, version: "1", hash })).toBe(`${name}-1-${hash}.spack`);
  });

  it("is valid in every registry, and keeps the hash", () => {
    const characters = fc.string({ unit: "grapheme", minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(characters, characters, (rest, version) => {
        const tag = packageTag({ name: `n${rest}`, version, hash });
        expect(tag).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/);
        expect(hashInTag(tag)).toBe(hash);
        expect(isPackageTag(tag)).toBe(true);
      }),
    );
  });
});

it("distinguishes packages from the index and from other tags", () => {
  expect(INDEX_TAG).toBe("index.spack");
  expect(isPackageTag(`zlib-1-${hash}.spack`)).toBe(true);
  for (const tag of ["index.spack", "latest", "zlib.spack.sig", "mochi-roots"])
    expect(isPackageTag(tag)).toBe(false);
  expect(hashInTag("foreign-1-abc.spack")).toBeUndefined();
  expect(hashInTag("latest")).toBeUndefined();
});

it.each([
  [`zlib-1-${hash}.spack`, "zlib", true],
  [`zlib-1-${hash}.spack`, "zlib@1", true],
  [`zlib-ng-1-${hash}.spack`, "zlib", true],
  [`zlib-1-${hash}.spack`, "zli", false],
  [`zlib-1-${hash}.spack`, "/zkuh", true],
  [`zlib-1-${hash}.spack`, "/abc", false],
  [`${"n".repeat(64)}-cut-${hash}.spack`, "n".repeat(100), true],
])("%s may belong to %s: %s", (tag, argument, expected) => {
  expect(tagMayBeOf(tag, argument)).toBe(expected);
});
