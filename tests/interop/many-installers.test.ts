// Ten pulls and a Spack fill a store at the same time, and the result is as if one of them had done it alone.

import { spawn } from "node:child_process";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createRegistryClient, ImageLayout, openTarget } from "@spack-oci/oci-client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { copyTarget } from "../support/copy-target.js";
import { fixture } from "../support/fixtures.js";
import { type Records, readRecords } from "./support/database.js";
import { describeStore, INSTALL_MANIFEST, INSTALL_TIMES } from "./support/describe-store.js";
import { shortRoot } from "./support/short-root.js";
import { describeWithSpack, Spack } from "./support/spack.js";
import { startTlsRegistry, type TlsRegistry } from "./support/tls-registry.js";

const program = fileURLToPath(new URL("../../packages/cli/bin/spack-oci.cjs", import.meta.url));

/** The specs of each pull; all pulls overlap, since everything links gcc-runtime. */
const PULLS = [
  ["mochi-suite"],
  ["tricky-lite", "tricky-names"],
  ["bedrock-lite", "argobots-lite@main"],
  ["thallium-lite", "data-lite"],
  ["/x55pz3ufbvlqg4qrxwfcg2zz55o6focf"],
  ["margo-lite", "interp-lite"],
  ["libfabric-lite@1.21.1", "json-c-lite"],
  ["mochi-scripts", "mochi-suite"],
  ["tricky-lite", "thallium-lite"],
  [
    "margo-lite",
    "mochi-package-with-an-extraordinarily-long-name-that-does-not-fit-in-a-hundred-and-twenty-eight-byte-tag",
  ],
];

interface PullJson {
  readonly pulled: readonly { readonly name: string; readonly hash: string }[];
  readonly failed: readonly unknown[];
}

describeWithSpack("ten pulls and a Spack at the same time", () => {
  const root = shortRoot();
  let registry: TlsRegistry;
  let spack: Spack;
  let expectedStore: object;
  let expectedRecords: Records;
  let pulls: PullJson[];
  let spackStatus: number | null;

  beforeAll(async () => {
    registry = await startTlsRegistry();
    const mirror = registry.location("mochi");
    const client = createRegistryClient({ tls: () => ({ caFiles: [registry.authority] }) });
    await copyTarget(new ImageLayout(fixture("oci-layout-main")), openTarget(mirror, { client }));
    const alone = await Spack.create({ root, mirror, authority: registry.authority });
    await alone.do("-e", alone.environment, "install", "--cache-only");
    expectedStore = describeStore(root, [INSTALL_TIMES, INSTALL_MANIFEST]);
    expectedRecords = readRecords(root);
    rmSync(root, { recursive: true });

    spack = await Spack.create({ root, mirror, authority: registry.authority });
    const installing = spack.run("-e", spack.environment, "install", "--cache-only");
    // Half of the pulls meet Spack at its first package.
    const half = PULLS.length / 2;
    const start = (specs: readonly string[]) => pull(mirror, root, registry.authority, specs);
    const early = PULLS.slice(0, half).map(start);
    await untilSomethingIsIn(root);
    pulls = await Promise.all([...early, ...PULLS.slice(half).map(start)]);
    spackStatus = (await installing).status;
  }, 300_000);
  afterAll(() => registry.stop());

  it("all succeed", () => {
    expect(spackStatus).toBe(0);
    expect(pulls.map((each) => each.failed)).toEqual(PULLS.map(() => []));
  });

  it("install no package twice", () => {
    const pulled = pulls.flatMap((each) => each.pulled.map((item) => item.hash));
    expect(pulled.length).toBe(new Set(pulled).size);
    expect(pulled.length).toBeGreaterThan(0);
  });

  it("install every package as Spack alone does, and leave nothing else behind", () => {
    expect(describeStore(root, [INSTALL_TIMES, INSTALL_MANIFEST])).toEqual(expectedStore);
    const [platform, ...others] = readdirSync(root).filter((name) => ![".spack-db", "bin"].includes(name));
    expect(others).toEqual([]);
    expect(readdirSync(join(root, platform ?? "")).filter((name) => name.startsWith("."))).toEqual([]);
  });

  it("lose no record, and give every package as many dependents as Spack alone does", () => {
    // The last installer decided which packages are explicit.
    const comparable = (records: Records) =>
      Object.fromEntries(
        Object.entries(records).map(([hash, record]) => [hash, { ...record, explicit: undefined }]),
      );
    expect(comparable(readRecords(root))).toEqual(comparable(expectedRecords));
  });

  it("leave nothing for another pull", async () => {
    const again = await spack.ours("-e", spack.environment, "pull", "mochi", "--json");
    expect(again.json<PullJson>().pulled).toEqual([]);
    await spack.do("reindex");
    expect(Object.keys(readRecords(root)).sort()).toEqual(Object.keys(expectedRecords).sort());
  });
});

async function untilSomethingIsIn(root: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(existsSync(root) && readdirSync(root).some((name) => name.startsWith("linux-")))) {
    if (Date.now() > deadline) throw new Error(`timed out waiting for files in ${root}`);
    await sleep(20);
  }
}

function pull(mirror: string, root: string, authority: string, specs: readonly string[]): Promise<PullJson> {
  const args = [program, "pull", mirror, ...specs, "--root", root, "--json"];
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env["PATH"], HOME: "/nonexistent", SSL_CERT_FILE: authority },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject).once("close", (status) => {
      if (status === 0) resolve(JSON.parse(stdout) as PullJson);
      else reject(new Error(`pull ${specs.join(" ")} ended with ${status}: ${stderr}`));
    });
  });
}
