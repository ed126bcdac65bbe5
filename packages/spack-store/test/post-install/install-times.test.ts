// Install times have Spack's format, and files in prefixes are always new.

import { linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createFresh } from "../../src/post-install/create-fresh.js";
import { formatInstallTimes } from "../../src/post-install/install-times.js";
import { temporaryDirectory } from "../support/temporary.js";

it("formats phases like Spack", () => {
  const phases = [
    { name: "fetch", seconds: 1 },
    { name: "extract", path: "install/extract", seconds: 0.5 },
  ];
  expect(formatInstallTimes({ name: "zlib", hash: "abc", totalSeconds: 2, phases })).toBe(
    '{"total":2.0,"phases":[{"name":"fetch","path":"fetch","seconds":1.0,"count":1},' +
      '{"name":"extract","path":"install/extract","seconds":0.5,"count":1}],"name":"zlib","cache":true,"hash":"abc"}',
  );
});

it.each<[string, (path: string, victim: string) => void]>([
  ["symbolic link", (path, victim) => symlinkSync(victim, path)],
  ["hard link", (path, victim) => linkSync(victim, path)],
])("replaces a %s instead of writing through it", async (_kind, link) => {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, ".spack"));
  const [path, victim] = [join(directory, ".spack/file"), join(directory, "victim")];
  writeFileSync(victim, "untouched");
  link(path, victim);
  const file = await createFresh(path);
  await file.writeFile("new");
  await file.close();
  expect([readFileSync(path, "utf8"), readFileSync(victim, "utf8")]).toEqual(["new", "untouched"]);
});
