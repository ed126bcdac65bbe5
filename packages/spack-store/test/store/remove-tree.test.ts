// Directories are removed regardless of permissions and depth.

import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { removeTree } from "../../src/store/remove-tree.js";
import { temporaryDirectory } from "../support/temporary.js";

describe("removeTree", () => {
  let home: string;
  beforeEach(() => {
    home = temporaryDirectory();
  });

  it("accepts that nothing exists", async () => {
    await removeTree(join(home, "nothing"));
  });

  it("removes directories that are too deep for a path, also if their names are not UTF-8", async () => {
    // Each half can be made by its path; together they are too deep.
    const half = join(home, ...Array.from({ length: 12 }, () => "d".repeat(200)));
    mkdirSync(half, { recursive: true });
    const other = join(home, "other", ...Array.from({ length: 12 }, () => "e".repeat(200)));
    mkdirSync(other, { recursive: true });
    mkdirSync(Buffer.concat([Buffer.from(`${other}/`), Buffer.from([0xff, 0xfe])]));
    writeFileSync(join(other, "file"), "");
    renameSync(join(home, "other"), join(half, "other"));
    const top = join(home, "d".repeat(200));
    await expect(rm(top, { recursive: true })).rejects.toThrow();
    await removeTree(top);
    expect(existsSync(top)).toBe(false);
  });

  it("removes read-only directories as any user", async (context) => {
    mkdirSync(join(home, "package/deep/sub"), { recursive: true });
    writeFileSync(join(home, "package/deep/sub/file"), "");
    for (const name of ["package/deep/sub", "package/deep", "package"]) chmodSync(join(home, name), 0o555);
    if (process.getuid?.() !== 0) {
      await removeTree(join(home, "package"));
    } else {
      // Root may do everything, so somebody else has to try.
      const source = new URL("../../dist/store/remove-tree.js", import.meta.url).pathname;
      if (!existsSync(source)) return context.skip("the package is not built");
      const copy = join(home, "remove-tree.mjs");
      spawnSync("cp", [source, copy]);
      spawnSync("chown", ["-R", "65534", home]);
      const script = `import { removeTree } from ${JSON.stringify(copy)}; await removeTree(process.argv[1]);`;
      const run = spawnSync(process.execPath, ["--input-type=module", "-e", script, join(home, "package")], {
        uid: 65534,
        cwd: home,
        encoding: "utf8",
      });
      expect(run.stderr).toBe("");
    }
    expect(existsSync(join(home, "package"))).toBe(false);
  });
});
