// A package in another thread: errors from either side arrive, nothing is written afterwards, and threads become free.

import { hash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { packagePermissions } from "@spack-oci/spack-store";
import { type LayerArchive, openArchive } from "@spack-oci/spack-tarball";
import { afterEach, expect, it } from "vitest";
import { scratchDirectory } from "../../../../tests/support/scratch.js";
import { directory, file, rawTar } from "../../../spack-tarball/test/support/raw-tar.js";
import { stageInThread } from "../../src/workers/stage-in-thread.js";
import { WorkerThreads } from "../../src/workers/worker-threads.js";

const WORKER = fileURLToPath(new URL("../../dist/workers/worker.js", import.meta.url));
const scratch = scratchDirectory("stage-in-thread");
const content = Buffer.alloc(3_000_000, "0123456789abcdef\n");
const archive = rawTar([
  directory("old"),
  directory("old/p"),
  file("old/p/large", content),
  file("old/p/.spack/binary_distribution", "{buildpath: /old, hash_to_prefix: {h: /old/p}}\n"),
]);
const layer = gzipSync(archive);

let threads: WorkerThreads;
let stagings = 0;
afterEach(() => threads.stop());

async function* pieces(bytes: Buffer, error?: Error): AsyncGenerator<Buffer, void, undefined> {
  for (let at = 0; at < bytes.length; at += 1000) yield Buffer.from(bytes.subarray(at, at + 1000));
  if (error !== undefined) throw error;
}

function stage(from: LayerArchive) {
  stagings += 1;
  const staging = join(scratch, String(stagings));
  const staged = stageInThread(threads, from, {
    task: {
      staging,
      plan: { root: "/s", sbangInstallPath: "/s/bin/sbang", prefixes: new Map([["h", "/s/p"]]) },
      permissions: packagePermissions(),
      dropsRpaths: true,
      known: undefined,
      expected: { hash: "h", diffId: `sha256:${hash("sha256", archive)}`, place: "an image" },
      allowance: 1_000_000,
      remembered: 1_000_000,
    },
    place: "p/h",
    onRefusal: () => {},
    onIdentitiesLost: () => {},
    onUnpacked: () => {},
  });
  return { staging, staged };
}

const finishing = {
  name: "p",
  hash: "h",
  finalPrefix: "/s/p",
  sbangPath: "/s/bin/sbang",
  platform: "linux",
  permissions: packagePermissions(),
};

it("writes the package, keeps its thread until it is finished, and frees it then", async () => {
  threads = new WorkerThreads(1, { file: WORKER });
  const { staging, staged } = stage(openArchive(pieces(layer)));
  const found = await staged;
  expect(found.memberPrefix).toBe("old/p");
  expect(threads.hasFree).toBe(false);
  expect(await found.finish(finishing)).toMatch(/^[0-9a-f]+$/);
  expect(readFileSync(join(staging, "large")).equals(content)).toBe(true);
  expect(existsSync(join(staging, ".spack/install_manifest.json"))).toBe(true);
  await expect.poll(() => threads.hasFree).toBe(true);
  found.forget();
});

it("frees the thread of a package that is forgotten", async () => {
  threads = new WorkerThreads(1, { file: WORKER });
  const found = await stage(openArchive(pieces(layer))).staged;
  found.forget();
  await expect.poll(() => threads.hasFree).toBe(true);
  await expect(found.finish(finishing)).rejects.toThrow("did not finish");
});

it("passes on the error of a layer as it is, once the thread writes no more", async () => {
  threads = new WorkerThreads(1, { file: WORKER });
  const error = Object.assign(new Error("the digest is wrong"), { own: true });
  await expect(stage(openArchive(pieces(layer, error))).staged).rejects.toBe(error);
  expect(threads.hasFree).toBe(true);
});

it("stops reading when the thread rejects the package", async () => {
  threads = new WorkerThreads(1, { file: WORKER });
  let isClosed = false;
  let read = 0;
  const endless = async function* (): AsyncGenerator<Buffer, void, undefined> {
    try {
      yield rawTar([file("../../escape", "x")]).subarray(0, 1024);
      for (; read < 1_000_000_000; read += content.length) yield Buffer.from(content);
    } finally {
      isClosed = true;
    }
  };
  const { staged } = stage({ chunks: endless(), diffId: () => "" });
  await expect(staged).rejects.toMatchObject({ name: "SpackOciError", kind: "corrupt" });
  expect(isClosed).toBe(true);
  expect(read).toBeLessThan(100_000_000);
});

it("names the package whose thread dies", async () => {
  const script = join(scratch, "dies.cjs");
  const pool = fileURLToPath(import.meta.resolve("workerpool"));
  writeFileSync(
    script,
    `require(${JSON.stringify(pool)}).worker({
       run: (name, task, port) => new Promise(() => port.once("message", () => process.exit(7))),
     });`,
  );
  threads = new WorkerThreads(1, { file: script });
  await expect(stage(openArchive(pieces(layer))).staged).rejects.toMatchObject({
    code: "ERR_WORKER_DIED",
    place: "p/h",
  });
});
