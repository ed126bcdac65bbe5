// Worker threads return what their tasks do, pass errors on as they are, and name the package if one dies.

import { hash } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { packagePermissions } from "@spack-oci/spack-store";
import { afterEach, expect, it } from "vitest";
import type { WriteTask } from "../../src/prefix-writing/write-package.js";
import { WorkerThreads } from "../../src/workers/worker-threads.js";

const WORKER = fileURLToPath(new URL("../../dist/workers/worker.js", import.meta.url));
const task: WriteTask = {
  name: "zlib",
  hash: "h",
  staging: "/nowhere/at/all",
  finalPrefix: "/s/p",
  plan: { root: "/s", sbangInstallPath: "/s/bin/sbang", prefixes: new Map() },
  permissions: packagePermissions(),
  dropsRpaths: true,
  fetchSeconds: 0,
  expected: { hash: "h", diffId: `sha256:${hash("sha256", Buffer.alloc(1024))}`, place: "an image" },
};

let threads: WorkerThreads;
afterEach(() => threads.stop());

const write = (layer: Buffer) => threads.run("writePackage", { args: [layer, task], place: "zlib/h" });

it("passes on an error with its kind and its place", async () => {
  threads = new WorkerThreads(1, { file: WORKER });
  await expect(write(gzipSync(Buffer.alloc(1024)))).rejects.toMatchObject({
    name: "SpackOciError",
    code: "ERR_NOT_A_PACKAGE",
    kind: "corrupt",
  });
});

it("names the package whose thread dies, and continues with another thread", async () => {
  const directory = mkdtempSync(join(tmpdir(), "worker-"));
  const script = join(directory, "dies.cjs");
  const pool = fileURLToPath(import.meta.resolve("workerpool"));
  writeFileSync(
    script,
    `require(${JSON.stringify(pool)}).worker({
       run: (name, layer) => (layer[0] === 1 ? process.exit(7) : { value: layer[0] }),
     });`,
  );
  threads = new WorkerThreads(1, { file: script });
  const waiting = write(Buffer.from([1])).catch((error: unknown) => error);
  const next = write(Buffer.from([3]));
  expect(await waiting).toMatchObject({
    code: "ERR_WORKER_DIED",
    kind: "failed",
    place: "zlib/h",
  });
  expect([await next, await write(Buffer.from([2]))]).toEqual([3, 2]);
  rmSync(directory, { recursive: true });
});

it("has none if none are wanted, or nobody provides their script", () => {
  threads = new WorkerThreads(1, { file: WORKER });
  expect(threads.areAvailable).toBe(true);
  const none = new WorkerThreads(0, { file: WORKER });
  expect(none.areAvailable).toBe(false);
  none.allowAtLeast(1);
  expect(none.areAvailable).toBe(true);
  expect(existsSync(WORKER)).toBe(true);
  // The sources are not compiled, and neither is the script next to them.
  expect(new WorkerThreads(1).areAvailable).toBe(false);
});
