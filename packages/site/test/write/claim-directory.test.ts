// A site does not overwrite anything else.

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scratchDirectory } from "../../../../tests/support/scratch.js";
import { claimSiteDirectory } from "../../src/write/claim-directory.js";

const scratch = scratchDirectory("claim-directory");

describe("a directory", () => {
  it("is made", () => {
    claimSiteDirectory(join(scratch, "new", "site"));
    expect(existsSync(join(scratch, "new", "site"))).toBe(true);
  });

  it.each([[[]], [[".git", ".nojekyll"]], [["catalog.json", "index.html", "notes.txt"]]])(
    "with %j can be used",
    (names) => {
      const directory = join(scratch, `usable-${names.length}`);
      mkdirSync(directory);
      for (const name of names) writeFileSync(join(directory, name), "");
      expect(() => claimSiteDirectory(directory)).not.toThrow();
    },
  );

  it("with anything else is left alone", () => {
    const directory = join(scratch, "other");
    mkdirSync(directory);
    writeFileSync(join(directory, "index.html"), "");
    expect(() => claimSiteDirectory(directory)).toThrow(
      expect.objectContaining({ code: "ERR_SITE_DIRECTORY", kind: "conflict", place: directory }),
    );
  });
});
