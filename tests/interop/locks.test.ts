// Spack and this project honor each other's locks.

import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createRegistryClient, ImageLayout, openTarget } from "@spack-oci/oci-client";
import { loadFileLocks, storeAt, updateInstallDatabase } from "@spack-oci/spack-store";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { copyTarget } from "../support/copy-target.js";
import { fixture } from "../support/fixtures.js";
import { startTestRegistry } from "../support/test-registry/test-registry.js";
import { readRecords } from "./support/database.js";
import { shortRoot } from "./support/short-root.js";
import { describeWithSpack, Spack, specFile } from "./support/spack.js";
import { copySamplesTo, startTlsRegistry, type TlsRegistry } from "./support/tls-registry.js";

const layout = `oci-layout:${fixture("oci-layout-main")}`;
const JSON_C = "exoqmbsmof5qncjfcc3uyoqikrb3rrpd";
const JSON_C_PREFIX = `linux-x86_64_v3/json-c-lite-0.18-${JSON_C}`;
const GCC_RUNTIME = "mysq6wt4gnlcxnyqdavvsy4ifiwu7zgx";
const GCC_RUNTIME_PREFIX = `linux-x86_64_v3/gcc-runtime-12.2.0-${GCC_RUNTIME}`;

const locks = await loadFileLocks();

describeWithSpack("locks", { timeout: 300_000 }, () => {
  let registry: TlsRegistry;
  let root: string;
  let spack: Spack;

  beforeAll(async () => {
    registry = await startTlsRegistry();
    await copySamplesTo(registry, "mochi");
  }, 300_000);
  afterAll(() => registry.stop());

  beforeEach(async () => {
    root = shortRoot();
    mkdirSync(dirname(root));
    spack = await Spack.create({ root, mirror: registry.location("mochi"), authority: registry.authority });
  }, 300_000);

  const pullJsonC = (...options: string[]) =>
    spack.ours("pull", "--allarch", layout, "json-c-lite", "--root", root, "--json", ...options);
  const isRecorded = (hash: string) =>
    existsSync(join(root, ".spack-db", "index.json")) && readRecords(root)[hash]?.["installed"] === true;

  /** A Spack that holds a lock until told to release it. */
  async function spackHolding(statement: string): Promise<{ letGo(): Promise<void> }> {
    const signal = join(root, "..", "let-go");
    const script = `import os, time, spack.store, spack.spec
${statement}
    print("held", flush=True)
    while not os.path.exists(${JSON.stringify(signal)}): time.sleep(0.05)
`;
    const file = join(root, "..", "hold.py");
    writeFileSync(file, script);
    const child = spack.start("python", file);
    await line(child, "held");
    return {
      async letGo() {
        const ended = once(child, "close");
        writeFileSync(signal, "");
        expect(await ended).toEqual([0, null]);
      },
    };
  }

  it("a pull records nothing while Spack writes to the database", async () => {
    const holder = await spackHolding("with spack.store.STORE.db.write_transaction():");
    const pull = pullJsonC();
    await until(() => existsSync(join(root, GCC_RUNTIME_PREFIX)));
    await sleep(1000);
    expect(isRecorded(GCC_RUNTIME)).toBe(false);
    await holder.letGo();
    expect(await pull).toMatchObject({ status: 0 });
    expect([isRecorded(GCC_RUNTIME), isRecorded(JSON_C)]).toEqual([true, true]);
  });

  it("a pull leaves a package alone while Spack installs it, and finds it installed afterwards", async () => {
    const spec = `s = spack.spec.Spec.from_specfile(${JSON.stringify(specFile("json-c-lite"))})`;
    const holder = await spackHolding(
      `${spec}\nlock = spack.store.STORE.prefix_locker.lock(s)\nlock.acquire_write()\nif True:`,
    );
    const pull = pullJsonC();
    await until(() => isRecorded(GCC_RUNTIME));
    await sleep(1000);
    expect(existsSync(join(root, JSON_C_PREFIX))).toBe(false);
    await holder.letGo();
    expect(await pull).toMatchObject({ status: 0 });
    expect(isRecorded(JSON_C)).toBe(true);
  });

  it("Spack leaves the database alone while this project writes to it", async () => {
    expect(await pullJsonC()).toMatchObject({ status: 0 });
    await updateInstallDatabase(storeAt(root), { locks }, async (database) => {
      const impatient = await spack.run("-c", "config:db_lock_timeout:1", "find");
      expect(impatient.status).not.toBe(0);
      expect(impatient.stderr).toMatch(/timed out/i);
      return database;
    });
    expect(await spack.do("find", "--format", "{name}", "json-c-lite")).toBe("json-c-lite\n");
  });

  it("Spack leaves a package alone while a pull installs it, and finds it installed afterwards", async () => {
    const slow = await startTestRegistry();
    try {
      const mirror = slow.location("mochi");
      const chosen = (tag: string) => /^(json-c-lite|gcc-runtime|index\.spack)/.test(tag);
      const target = openTarget(mirror, { client: createRegistryClient() });
      await copyTarget(new ImageLayout(fixture("oci-layout-main")), target, chosen);
      let letGo = () => {};
      const released = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      const stop = slow.fault({ method: "GET", path: /manifests\/json-c-lite/, until: released });
      const ended: string[] = [];
      const pull = spack
        .ours("pull", "--allarch", mirror, "json-c-lite", "--root", root)
        .finally(() => ended.push("pull"));
      await until(() => stop.hits === 1);
      const install = spack
        .run("install", "--cache-only", specFile("json-c-lite"))
        .finally(() => ended.push("install"));
      await until(() => isOpenElsewhere(join(root, ".spack-db", "prefix_lock")));
      letGo();
      expect(await pull).toMatchObject({ status: 0 });
      const { status, stdout, stderr } = await install;
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      expect(ended).toEqual(["pull", "install"]);
      expect(stdout).toContain(`[+] ${root}/${JSON_C_PREFIX}`);
      expect(stdout).not.toContain("Extracting json-c-lite");
    } finally {
      await slow.close();
    }
  });
});

/** Whether another process has a file open. */
function isOpenElsewhere(path: string): boolean {
  const others = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return others.some((pid) => {
    try {
      const descriptors = `/proc/${pid}/fd`;
      return readdirSync(descriptors).some((fd) => readlinkSync(join(descriptors, fd)) === path);
    } catch {
      return false; // it has ended, or closed the file meanwhile
    }
  });
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`timed out waiting for: ${condition}`);
    await sleep(20);
  }
}

async function line(child: ChildProcess, expected: string): Promise<void> {
  let text = "";
  child.stderr?.on("data", (chunk) => {
    text += chunk;
  });
  for await (const chunk of child.stdout ?? []) {
    text += chunk;
    if (text.includes(expected)) return;
  }
  throw new Error(`the process exited before it printed "${expected}": ${text}`);
}
