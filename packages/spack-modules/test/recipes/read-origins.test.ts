// What recipes say about licenses, versions and addresses, as far as their text shows.

import { describe, expect, it } from "vitest";
import { readOrigins } from "../../src/recipes/read-origins.js";

const RECIPE = `
class Helper(Package):
    license("GPL-2.0-only")


class JsonC(CMakePackage):
    """A package."""

    homepage = "https://example.com/wiki"
    url = ("https://example.com/"
           "json-c-0.15.tar.gz")
    git = f"https://example.com/{name}.git"

    license("MIT", checked_by="someone")
    license("Apache-2.0 OR MIT", when="@2:")
    with when("+gpl"):
        license("GPL-3.0-only", when="@3:")
    if sys.platform == "darwin":
        license("NCSA")
    license(LICENSE)
    license("Zlib", when=CONDITION)

    version("main", branch="main")
    version(
        "0.18",  # the newest
        sha256="aaaa",
        url="https://example.com/0.18.tar.gz",
        preferred=True,
    )
    version("0.17", tag="v0.17", commit="bbbb", git="https://example.com/other.git")
    version("0.16", sha256=sums["0.16"])

    def patch(self):
        url = "https://example.com/not-this"
        version("9")

class Later(Package):
    version("10")
`;

describe("the origins of a recipe", () => {
  const origins = readOrigins(RECIPE, "json-c");

  it("are licenses with their conditions", () => {
    expect(origins.licenses).toEqual([
      { license: "MIT", conditions: [] },
      { license: "Apache-2.0 OR MIT", conditions: ["@2:"] },
      { license: "GPL-3.0-only", conditions: ["+gpl", "@3:"] },
    ]);
  });

  it("are versions with checksums or commits", () => {
    const nothing = { sha256: undefined, url: undefined, git: undefined, commit: undefined };
    expect(origins.versions).toEqual([
      { ...nothing, version: "main" },
      { ...nothing, version: "0.18", sha256: "aaaa", url: "https://example.com/0.18.tar.gz" },
      { ...nothing, version: "0.17", commit: "bbbb", git: "https://example.com/other.git" },
      { ...nothing, version: "0.16" },
    ]);
  });

  it("are addresses that are literals", () => {
    expect(origins).toMatchObject({
      homepage: "https://example.com/wiki",
      url: "https://example.com/json-c-0.15.tar.gz",
      git: undefined,
    });
  });

  it("are unknown for a file without the class", () => {
    expect(readOrigins(RECIPE, "zlib")).toMatchObject({ licenses: [], versions: [], homepage: undefined });
  });
});
