// What trips up programs that merge directories, in two prefixes.

import { chmodSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Adds links, clashes and names to two packages. */
export function addOddFiles(one: string, other: string): void {
  for (const prefix of [one, other]) {
    mkdirSync(join(prefix, "share/deep/deeper/deepest"), { recursive: true });
    mkdirSync(join(prefix, "share/empty"), { recursive: true });
    writeFileSync(join(prefix, "share/both"), `of ${prefix}`);
    writeFileSync(join(prefix, "share/deep/deeper/deepest/file"), prefix);
    symlinkSync("share/deep", join(prefix, "shortcut"));
    symlinkSync("deeper", join(prefix, "share/deep/second"));
    symlinkSync("deepest", join(prefix, "share/deep/deeper/third"));
    symlinkSync("../..", join(prefix, "share/deep/up"));
    symlinkSync(join(prefix, "share/deep"), join(prefix, "absolute"));
  }
  symlinkSync(join(other, "share/both"), join(one, "to-other"));
  writeFileSync(join(other, "to-other"), "clash with a link to another file");
  linkSync(join(other, "share/both"), join(one, "share/linked"));
  linkSync(join(other, "share/both"), join(other, "share/linked"));
  symlinkSync(join(other, "share/only-other"), join(one, "share/only-other"));
  writeFileSync(join(other, "share/only-other"), other);
  symlinkSync("nowhere", join(one, "dangling"));
  symlinkSync("/nowhere/else", join(other, "dangling"));
  mkdirSync(join(one, "share/.spack"));
  writeFileSync(join(one, "share/.spack/x"), "");
  writeFileSync(join(one, "share/odd\nname '\"é"), `${other}:${one}/x\n`);
  writeFileSync(Buffer.concat([Buffer.from(`${one}/share/`), Buffer.from([0xff, 0x41])]), one);
  writeFileSync(join(one, "share/readonly"), one, { mode: 0o444 });
  writeFileSync(join(one, "share/setuid"), `#!/bin/sh\n${one}\n`);
  chmodSync(join(one, "share/setuid"), 0o4755);
  writeFileSync(join(one, "share/.hidden"), "");
}
