// One pass over a prefix has the effect of all of Spack's hooks.

import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { RandomAccess } from "@spack-oci/files";
import { beforeEach, describe, expect, it } from "vitest";
import { writeInstallTimes } from "../../src/post-install/install-times.js";
import { packagePermissions } from "../../src/post-install/permissions.js";
import { finishOnDisk } from "../support/finish-on-disk.js";
import { temporaryDirectory } from "../support/temporary.js";

const permissions = packagePermissions();
const sbangPath = "/s/bin/sbang";
const script = `#!/${"x".repeat(200)}/perl\nbody\n`;

interface Entry {
  readonly mode: number;
  readonly size?: number;
  readonly time?: number;
  readonly hash?: string;
}

describe("finishArrived", () => {
  let prefix: string;
  beforeEach(() => {
    prefix = temporaryDirectory();
    mkdirSync(join(prefix, ".spack"));
    mkdirSync(join(prefix, "bin"));
  });

  const finish = (changeFile?: (file: RandomAccess) => boolean) =>
    finishOnDisk(prefix, { finalPrefix: "/final", permissions, sbangPath, changeFile });
  const manifest = () =>
    JSON.parse(readFileSync(join(prefix, ".spack/install_manifest.json"), "utf8")) as Record<string, Entry>;

  it("describes scripts after sbang was inserted, and leaves links alone", async () => {
    const outside = join(temporaryDirectory(), "script");
    writeFileSync(outside, script, { mode: 0o755 });
    symlinkSync(outside, join(prefix, "link"));
    writeFileSync(join(prefix, "bin/a"), script, { mode: 0o700 });
    linkSync(join(prefix, "bin/a"), join(prefix, "bin/b"));
    await finish();
    expect(readFileSync(outside, "utf8")).toBe(script);
    for (const name of ["a", "b"]) {
      const path = join(prefix, "bin", name);
      expect(readFileSync(path, "utf8")).toBe(`#!/bin/sh ${sbangPath}\n${script}`);
      expect(manifest()[`/final/bin/${name}`]).toMatchObject({
        mode: 0o100755,
        size: `#!/bin/sh ${sbangPath}\n${script}`.length,
        time: expect.closeTo(lstatSync(path).mtimeMs / 1000, 5),
      });
    }
    expect(lstatSync(join(prefix, "bin/a")).ino).not.toBe(lstatSync(join(prefix, "bin/b")).ino);
  });

  it("inserts sbang in several scripts of a directory at once", async () => {
    const names = Array.from({ length: 40 }, (_, number) => `script-${number}`);
    for (const name of names) writeFileSync(join(prefix, "bin", name), script + name, { mode: 0o755 });
    await finish();
    expect(readdirSync(join(prefix, "bin"))).toEqual(names.toSorted());
    for (const name of names)
      expect(readFileSync(join(prefix, "bin", name), "utf8")).toBe(
        `#!/bin/sh ${sbangPath}\n${script}${name}`,
      );
  });

  it("describes files after they were changed, including other names", async () => {
    for (let number = 0; number < 20; number += 1) writeFileSync(join(prefix, `file-${number}`), "old");
    for (let number = 0; number < 20; number += 1)
      linkSync(join(prefix, "file-3"), join(prefix, `x-${number}`));
    utimesSync(join(prefix, "file-3"), 5, 5);
    let changes = 0;
    await finish((file) => {
      const found = Buffer.alloc(3);
      file.readNow(found, 0);
      if (found.toString() !== "old") return false;
      changes += 1;
      file.writeNow(Buffer.from("new"), 0);
      return true;
    });
    expect(changes).toBe(20);
    for (const [path, { hash, time }] of Object.entries(manifest())) {
      if (hash === undefined) continue;
      // What printf new | sha1sum says, in base32.
      expect([path, hash]).toEqual([path, "YKTLAPYZBX5SWSVJD6FPRVDXVG6DIAO4"]);
      expect(time).toBeCloseTo(lstatSync(path.replace("/final", prefix)).mtimeMs / 1000, 5);
    }
  });

  it("begins with directories and ends with the prefix", async () => {
    writeFileSync(join(prefix, "a"), Buffer.alloc(3_000_000));
    for (const name of ["b", "c", "bin/d"]) writeFileSync(join(prefix, name), "");
    await finish();
    expect(Object.keys(manifest())).toEqual([
      "/final/.spack",
      "/final/bin",
      "/final/a",
      "/final/b",
      "/final/c",
      "/final/bin/d",
      "/final",
    ]);
  });

  it("does not write through links in the package", async () => {
    const outside = join(temporaryDirectory(), "outside");
    writeFileSync(outside, "theirs");
    for (const name of ["install_manifest.json", "install_times.json"]) {
      symlinkSync(outside, join(prefix, ".spack", name));
    }
    await writeInstallTimes(prefix, { name: "a", hash: "b", totalSeconds: 1, phases: [] }, permissions);
    await finish();
    expect(readFileSync(outside, "utf8")).toBe("theirs");
    expect(Object.keys(manifest())).toEqual(["/final/.spack", "/final/bin", "/final"]);
    expect(lstatSync(join(prefix, ".spack/install_times.json")).isFile()).toBe(true);
  });

  it("fails if a file cannot be changed, without completing the manifest", async () => {
    writeFileSync(join(prefix, "a"), "");
    linkSync(join(prefix, "a"), join(prefix, "b"));
    linkSync(join(prefix, "a"), join(prefix, "c"));
    const noRoom = () => {
      throw new Error("no room");
    };
    await expect(finish(noRoom)).rejects.toThrow("no room");
    expect(() => manifest()).toThrow("JSON");
  });

  it("rejects setuid programs that are writable by others", async () => {
    writeFileSync(join(prefix, "suid"), "");
    chmodSync(join(prefix, "suid"), 0o4755);
    const shared = packagePermissions("world", "group");
    await expect(
      finishOnDisk(prefix, { finalPrefix: prefix, permissions: shared, sbangPath }),
    ).rejects.toMatchObject({ code: "ERR_PERMISSIONS_UNSAFE", place: join(prefix, "suid") });
  });
});
