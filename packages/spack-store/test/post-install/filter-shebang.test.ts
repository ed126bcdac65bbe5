// Long interpreter lines are rewritten exactly as by Spack's hook.

import { chmodSync, linkSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readJsonFixture } from "../../../../tests/support/spack-fixtures.js";
import { filterShebang, sbangLine } from "../../src/post-install/filter-shebang.js";
import { temporaryDirectory } from "../support/temporary.js";

interface Case {
  readonly name: string;
  readonly mode: string;
  readonly before: string;
  readonly after: string;
  readonly changed: boolean;
  readonly mode_after: string;
}

const oracle = readJsonFixture<{ sbang_line: string; cases: readonly Case[] }>("oracles/sbang.json");
const sbangPath = oracle.sbang_line.replace("#!/bin/sh ", "");
const isRoot = process.getuid?.() === 0;
if (!isRoot) console.log("skipped: unreadable scripts (not running as root)");

describe("filterShebang", () => {
  it.each(oracle.cases.filter((item) => isRoot || (Number.parseInt(item.mode, 8) & 0o400) !== 0))(
    "treats $name ($mode) like Spack",
    async ({ mode, before, after, changed, mode_after }) => {
      const prefix = temporaryDirectory();
      const path = join(prefix, "bin", "script");
      mkdirSync(join(prefix, "bin"));
      writeFileSync(path, Buffer.from(before, "base64"));
      chmodSync(path, Number.parseInt(mode, 8));
      expect(await filterShebang(Buffer.from(path), sbangPath)).toBe(changed);
      expect(readFileSync(path, "latin1")).toBe(Buffer.from(after, "base64").toString("latin1"));
      expect((statSync(path).mode & 0o7777).toString(8)).toBe(Number.parseInt(mode_after, 8).toString(8));
    },
  );

  it("breaks hard links", async () => {
    const prefix = temporaryDirectory();
    const text = `#!/${"x".repeat(200)}/perl\nbody\n`;
    writeFileSync(join(prefix, "a"), text, { mode: 0o755 });
    linkSync(join(prefix, "a"), join(prefix, "b"));
    expect(await filterShebang(Buffer.from(join(prefix, "a")), "/s/bin/sbang")).toBe(true);
    expect(readFileSync(join(prefix, "a"), "utf8")).toBe(`#!/bin/sh /s/bin/sbang\n${text}`);
    expect(readFileSync(join(prefix, "b"), "utf8")).toBe(text);
    expect(readdirSync(prefix)).toEqual(["a", "b"]);
  });
});

describe("sbangLine", () => {
  it("names sbang", () => {
    expect(sbangLine(sbangPath)).toBe(oracle.sbang_line);
  });

  it("rejects a path that the kernel would truncate", () => {
    expect(() => sbangLine(`/${"s".repeat(600)}`)).toThrow(
      expect.objectContaining({ code: "ERR_SBANG_PATH" }),
    );
  });
});
