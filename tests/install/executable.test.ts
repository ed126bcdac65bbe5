// The executable needs no Node, and nothing but the C and C++ libraries of the system.

import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ImageLayout } from "@spack-oci/oci-client";
import { beforeAll, describe, expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { fixture } from "../support/fixtures.js";
import { scratchDirectory } from "../support/scratch.js";
import { pushSynthetic } from "../support/synthetic-buildcache.js";
import { startTestRegistry } from "../support/test-registry/test-registry.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const directory = scratchDirectory("executable");
const executable = join(directory, `spack-oci-${process.platform}-${process.arch}`);
const layout = `oci-layout:${fixture("oci-layout-main")}`;

const made = spawnSync(
  process.execPath,
  [join(repository, "scripts", "executable.mjs"), "--output", directory],
  { encoding: "utf8" },
);
const reason = made.status === 0 ? undefined : (made.stderr.trim().split("\n").at(-1) ?? "");
if (reason !== undefined)
  console.log(`executable.test.ts: skipped, because it cannot be made here: ${reason}`);

const isRoot = process.getuid?.() === 0 && process.platform === "linux";
if (!isRoot) console.log("executable.test.ts: skips the minimal system, because only root can use chroot");

function run(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(executable, args, {
    encoding: "utf8",
    env: { HOME: "/nonexistent", ...environment },
  });
  return { status, stdout, stderr };
}

/** A command whose registry is in this process, which may not be blocked. */
function start(command: string, args: readonly string[]): Promise<{ status: number | null; output: string }> {
  const child = spawn(command, args, { env: { HOME: "/nonexistent", PATH: process.env["PATH"] } });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  return new Promise((resolve, reject) => {
    child.once("error", reject).once("close", (status) => resolve({ status, output }));
  });
}

describe.skipIf(reason !== undefined)("the executable", () => {
  beforeAll(() => expect(existsSync(executable)).toBe(true));

  it("has the version and the help of the command", () => {
    const { version } = JSON.parse(readFileSync(join(repository, "packages/cli/package.json"), "utf8"));
    expect(run(["--version"])).toEqual({ status: 0, stdout: `${version}\n`, stderr: "" });
    expect(run(["pull", "--help"])).toMatchObject({ status: 0, stdout: expect.stringContaining("--root") });
  });

  it("comes with a checksum and the licenses of everything in it", () => {
    const checked = spawnSync("sha256sum", ["-c", `${executable}.sha256`], { cwd: directory });
    expect(checked.status).toBe(0);
    const licenses = readFileSync(`${executable}.LICENSES.txt`, "utf8");
    for (const name of ["commander", "koffi", "undici", "yaml", "Node.js is licensed", "OpenSSL"])
      expect(licenses).toContain(name);
  });

  it("writes many packages in a worker thread, under locks that Spack sees", async () => {
    const names = Array.from({ length: 40 }, (_, index) => `package-${index}`);
    await pushSynthetic(
      new ImageLayout(join(directory, "many")),
      names.map((name) => ({ name })),
    );
    const root = join(directory, "opt");
    const preload = join(directory, "preload.cjs");
    writeFileSync(preload, `process.on("worker", () => console.error("a thread started"));`);
    const args = ["pull", "--json", "--allarch", `oci-layout:${directory}/many`, "--root", root];
    const { stdout, stderr } = run(args, { NODE_OPTIONS: `--require=${preload}` });
    expect(JSON.parse(stdout).pulled).toHaveLength(names.length);
    expect(stderr).toContain("a thread started");
    // Without native code, there would be links that stand for locks, and a warning.
    expect(stderr).not.toMatch(/warning: .*lock/);
  });

  it.skipIf(process.platform !== "linux")("loads native code without leaving a file if it is killed", () => {
    const preload = join(directory, "names.cjs");
    writeFileSync(
      preload,
      `const fs = require("node:fs");
       const { mkdtempSync } = fs;
       fs.mkdtempSync = (...args) => { console.error("named " + args[0]); return mkdtempSync(...args); };`,
    );
    const args = ["pull", "--allarch", layout, "json-c-lite", "--root", join(directory, "killed")];
    const { status, stderr } = run(args, { NODE_OPTIONS: `--require=${preload}` });
    expect(status).toBe(0);
    expect(stderr).not.toMatch(/named .*\.spack-oci-|warning: .*lock/);
  });

  it("writes the same layers as the sources, and zstd", () => {
    const store = extractSampleStore();
    const environment = { SOURCE_DATE_EPOCH: "1700000000" };
    const command = join(repository, "packages/cli/bin/spack-oci.cjs");
    const push = (name: string) => [
      "push",
      `oci-layout:${directory}/${name}`,
      "--store",
      store,
      "json-c-lite",
    ];
    expect(run(push("executable"), environment)).toMatchObject({ status: 0 });
    const env = { HOME: "/nonexistent", ...environment };
    expect(spawnSync(process.execPath, [command, ...push("sources")], { env }).status).toBe(0);
    // Packages finish in any order.
    const imagesIn = (name: string) => {
      const { manifests } = JSON.parse(readFileSync(join(directory, name, "index.json"), "utf8"));
      return new Set(manifests.map(({ digest }: { readonly digest: string }) => digest));
    };
    expect(imagesIn("executable").size).toBeGreaterThan(1);
    expect(imagesIn("executable")).toEqual(imagesIn("sources"));
    expect(run([...push("zstd"), "--compression", "zstd"])).toMatchObject({ status: 0 });
  });

  it.skipIf(!isRoot)("pulls a package in a system that has libraries and nothing else", async () => {
    const root = join(directory, "system");
    const registry = await startTestRegistry();
    const mirror = registry.location("mirror");
    expect(await start(executable, ["copy", layout, mirror])).toMatchObject({ status: 0 });
    makeSystem(root);
    const inRoot = (...args: string[]) => start("chroot", [root, ...args]);
    expect(
      await inRoot("/spack-oci", "pull", "--allarch", mirror, "thallium-lite", "--root", "/opt"),
    ).toEqual({
      status: 0,
      output: expect.stringContaining("Pulled"),
    });
    await registry.close();
    const prefix = spawnSync("find", [join(root, "opt"), "-name", "thallium-info"], { encoding: "utf8" });
    const program = prefix.stdout.trim().slice(root.length);
    const ran = await inRoot(program);
    expect(ran).toEqual({ status: 0, output: expect.stringContaining("/opt/") });
    expect(ran.output).not.toContain("__spack_path_placeholder__");
  });

  it.skipIf(process.platform !== "linux")("needs glibc 2.28 or newer", () => {
    const { status, stdout } = spawnSync("readelf", ["-VW", executable], { encoding: "utf8" });
    if (status !== 0) return console.log("executable.test.ts: readelf is missing, so glibc is not checked");
    const versions = [...stdout.matchAll(/\bGLIBC_2\.(\d+)/g)].map(([, minor]) => Number(minor));
    expect(Math.max(...versions)).toBe(28);
  });
});

/** Copies the executable and the libraries that it needs, with the loader, and makes the usual directories. */
function makeSystem(root: string): void {
  for (const name of ["tmp", "proc", "dev", "opt"]) mkdirSync(join(root, name), { recursive: true });
  cpSync(executable, join(root, "spack-oci"));
  const { stdout } = spawnSync("ldd", [executable], { encoding: "utf8" });
  for (const [library] of stdout.matchAll(/\/\S+/g)) {
    mkdirSync(join(root, dirname(library)), { recursive: true });
    cpSync(realpathSync(library), join(root, library));
  }
}
