// The sbang script runs scripts with the interpreter in their second line.

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { filterShebang } from "../../src/post-install/filter-shebang.js";
import { installSbang } from "../../src/post-install/install-sbang.js";
import { packagePermissions } from "../../src/post-install/permissions.js";
import { temporaryDirectory } from "../support/temporary.js";
import { hasTool } from "../support/tools.js";

const root = temporaryDirectory();
const sbangPath = join(root, "bin", "sbang");
await installSbang(sbangPath, packagePermissions());
const perl = hasTool("perl", "a perl script with a long interpreter line");

/** The command that sbang would run for a script of these lines. */
function command(...lines: readonly string[]): string {
  const script = join(root, "script");
  writeFileSync(script, `${lines.join("\n")}\n`);
  const run = spawnSync("/bin/sh", [sbangPath, script, "an argument"], {
    encoding: "utf8",
    env: { SBANG_DEBUG: "1" },
  });
  return run.status === 0 ? run.stdout.trim().replace(`${script} an argument`, "SCRIPT") : run.stderr.trim();
}

describe("the sbang script", () => {
  const first = `#!/bin/sh ${sbangPath}`;

  it.each([
    [["#!/opt/python3", "body"], "/opt/python3 SCRIPT"],
    [["#! /opt/python3  -E -s"], "/opt/python3 -E -s SCRIPT"],
    [["#!/opt/*"], "/opt/* SCRIPT"],
    [["--!/opt/lua"], "/opt/lua SCRIPT"],
    [["//!/opt/node"], "/opt/node SCRIPT"],
    [["<?php #!/opt/php", " ?>"], "/opt/php SCRIPT"],
    [["<?php #!/opt/php -n ?>"], "/opt/php -n SCRIPT"],
    [["#!/opt/perl -w"], "/opt/perl -w -x SCRIPT"],
    [["#!/usr/bin/env ruby"], "/usr/bin/env ruby -x SCRIPT"],
    [["#!/usr/bin/env python3"], "/usr/bin/env python3 SCRIPT"],
  ])("runs %o", (lines, expected) => {
    expect(command(first, ...lines)).toBe(expected);
  });

  it("takes the first line if it is the interpreter's", () => {
    expect(command("#!/opt/python3", "body")).toBe("/opt/python3 SCRIPT");
  });

  it("rejects scripts it cannot run instead of running itself endlessly", () => {
    expect(command(first, "body")).toContain("would never end");
    expect(command(first, "#!/usr/bin/env sbang")).toContain("would never end");
    expect(command("body", "body")).toContain("no interpreter");
    expect(spawnSync("/bin/sh", [sbangPath]).status).toBe(1);
    expect(spawnSync("/bin/sh", [sbangPath, join(root, "nowhere")]).status).toBe(1);
  });

  it.skipIf(!perl)("really runs a perl script, with its exit status and arguments", async () => {
    const prefix = temporaryDirectory();
    const deep = join(prefix, "d".repeat(120), "bin");
    mkdirSync(deep, { recursive: true });
    const located = spawnSync("/bin/sh", ["-c", "command -v perl"], { encoding: "utf8" }).stdout.trim();
    symlinkSync(located, join(deep, "perl"));
    const script = join(prefix, "hello");
    writeFileSync(script, `#!${deep}/perl -w\nprint "hello @ARGV\\n"; exit 3;\n`, { mode: 0o755 });
    expect(await filterShebang(Buffer.from(script), sbangPath)).toBe(true);
    const run = spawnSync(script, ["a b", "c"], { encoding: "utf8" });
    expect([run.stdout, run.status]).toEqual(["hello a b c\n", 3]);
  });
});

describe("installSbang", () => {
  it("has the same mode as Spack's", () => {
    expect((statSync(sbangPath).mode & 0o7777).toString(8)).toBe("2755");
    expect((statSync(join(root, "bin")).mode & 0o777).toString(8)).toBe("755");
  });

  it("keeps an sbang that is there", async () => {
    const path = join(temporaryDirectory(), "bin", "sbang");
    expect(await installSbang(path, packagePermissions())).toBe(true);
    writeFileSync(path, "of Spack");
    expect(await installSbang(path, packagePermissions())).toBe(false);
    expect(readFileSync(path, "utf8")).toBe("of Spack");
  });
});
