// What is published to npm's registry can be installed, run and imported.

import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FileServer } from "../support/file-server.js";
import { fixture } from "../support/fixtures.js";
import { startPackageRegistry } from "../support/package-registry.js";
import { packPackages } from "../support/packed-packages.js";
import { scratchDirectory } from "../support/scratch.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const tarballs = scratchDirectory("packed");
const project = scratchDirectory("project");
const home = scratchDirectory("home");
const layout = `oci-layout:${fixture("oci-layout-main")}`;

let registry: FileServer;

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program while this process answers as npm's registry. Nothing of the user's comes with it. */
function run(command: string, args: readonly string[]): Promise<Ended> {
  const child = spawn(command, args, {
    cwd: project,
    env: {
      PATH: process.env["PATH"],
      HOME: home,
      npm_config_cache: join(home, "npm"),
      npm_config_registry: registry.url,
      npm_config_update_notifier: "false",
    },
  });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
    });
  return new Promise((resolve, reject) => {
    child.once("error", reject).once("close", (status) => resolve({ status, ...output }));
  });
}

async function succeed(command: string, args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await run(command, args);
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}: ${stdout}${stderr}`);
  return stdout;
}

/** Runs the command that was installed globally at a prefix, to pull a package into a store there. */
function pullBelow(prefix: string): Promise<Ended> {
  const root = ["--root", join(prefix, "opt")];
  return run(join(prefix, "bin", "spack-oci"), ["pull", "--allarch", layout, "json-c-lite", ...root]);
}

let packed: ReadonlyMap<string, string>;

describe("the packages", () => {
  beforeAll(async () => {
    registry = await startPackageRegistry(join(home, "registry"));
    packed = packPackages(tarballs);
    writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
    await succeed("npm", ["install", "--no-audit", "--no-fund", ...packed.values()]);
  }, 300_000);
  afterAll(() => registry.close());

  it("are complete, and have types that are right", async () => {
    const { repository: address } = JSON.parse(
      readFileSync(join(repository, "packages", "cli", "package.json"), "utf8"),
    );
    expect(readdirSync(tarballs)).toHaveLength(packed.size);
    for (const path of packed.values()) {
      const bytes = new Uint8Array(readFileSync(path));
      const { messages, pkg } = await publint({ pack: { tarball: bytes.buffer }, strict: true });
      expect(messages).toEqual([]);
      expect(pkg).toMatchObject({
        license: "(Apache-2.0 OR MIT)",
        engines: { node: ">=20.19" },
        keywords: expect.arrayContaining([expect.any(String)]),
        repository: { ...address, directory: expect.stringMatching(/^packages\//) },
      });
      const files = (await succeed("tar", ["-tzf", path])).split("\n");
      for (const name of ["README.md", "LICENSE-APACHE", "LICENSE-MIT"])
        expect(files).toContain(`package/${name}`);
      // Source maps have their sources beside them.
      const sources = files.filter((file) => file.endsWith(".ts.map")).map((file) => file.split("/dist/")[1]);
      for (const source of sources) {
        const module = `package/src/${source?.replace(".d.ts.map", "")}`;
        expect(files.includes(`${module}.ts`) || files.includes(`${module}.tsx`), module).toBe(true);
      }

      const result = await checkPackage(createPackageFromTarballData(bytes));
      // Every Node that is supported can require ES modules; node10 stands for Nodes before 12.
      const problems = result.types
        ? result.problems.filter(
            (problem) =>
              problem.kind !== "CJSResolvesToESM" &&
              !("resolutionKind" in problem && problem.resolutionKind === "node10"),
          )
        : ["no types"];
      expect(problems).toEqual([]);
    }
  });

  it("install globally with one command, which neither compiles nor warns", async () => {
    const prefix = join(project, "global");
    const args = ["install", "--global", "--prefix", prefix, "--no-audit", "--no-fund"];
    const { status, stdout, stderr } = await run("npm", [...args, packed.get("cli") ?? ""]);
    expect({ status, stderr, stdout }).toEqual({
      status: 0,
      stderr: "",
      // The command, and the native code of its locks.
      stdout: expect.stringMatching(/^\s*added [12] packages? in /),
    });
    const command = join(prefix, "bin", "spack-oci");
    expect(await succeed(command, ["list", layout, "json-c-lite"])).toContain("json-c-lite@");
    const pulled = await pullBelow(prefix);
    // A warning would say that Spack does not see the locks.
    expect(pulled).toMatchObject({ status: 0, stderr: expect.not.stringContaining("warning") });
  });

  it("install on a machine that nothing is reachable from, with locks that Spack does not see", async () => {
    // Outside of the project, whose packages Node would find.
    const prefix = join(home, "offline");
    const empty = ["--offline", "--cache", join(home, "empty")];
    const args = ["install", "--global", "--prefix", prefix, ...empty, "--no-audit", "--no-fund"];
    const before = registry.requests.length;
    const installed = await run("npm", [...args, packed.get("cli") ?? ""]);
    expect(installed).toEqual({
      status: 0,
      stderr: "",
      stdout: expect.stringMatching(/^\s*added 1 package in /),
    });
    expect(registry.requests).toHaveLength(before);
    const pulled = await pullBelow(prefix);
    expect(pulled).toMatchObject({
      status: 0,
      stderr: expect.stringContaining("Do not run Spack on this store"),
    });
  });

  it("have one command, in few files", async () => {
    const files = (await succeed("tar", ["-tzf", packed.get("cli") ?? ""])).trim().split("\n");
    expect(files.filter((file) => !file.startsWith("package/bundle/")).sort()).toEqual(
      ["LICENSE-APACHE", "LICENSE-MIT", "README.md", "package.json"].map((name) => `package/${name}`),
    );
    expect(files.filter((file) => file.startsWith("package/bundle/")).length).toBeLessThan(120);
    expect(readdirSync(join(project, "node_modules", ".bin")).filter((name) => /spack/.test(name))).toEqual([
      "spack-oci",
    ]);
  });

  it("are a library for TypeScript, ES modules and CommonJS", async () => {
    writeFileSync(join(project, "consumer.ts"), CONSUMER);
    writeFileSync(join(project, "consumer.cts"), CONSUMER_IN_COMMONJS);
    const compiler = join(repository, "node_modules", "typescript", "bin", "tsc");
    const strict = [
      ...[
        "--strict",
        "--exactOptionalPropertyTypes",
        "--noUncheckedIndexedAccess",
        "--skipLibCheck",
        "false",
      ],
      ...["--target", "es2023", "--types", "node", "--typeRoots", join(repository, "node_modules", "@types")],
    ];
    const files = ["consumer.ts", "consumer.cts"];
    await succeed(process.execPath, [
      compiler,
      ...strict,
      "--module",
      "nodenext",
      "--outDir",
      "out",
      ...files,
    ]);
    await succeed(process.execPath, [compiler, ...strict, "--module", "preserve", "--noEmit", "consumer.ts"]);
    mkdirSync(join(project, "out"), { recursive: true });
    const listed = async (file: string) =>
      JSON.parse(await succeed(process.execPath, [join("out", file), layout]));
    const expected = { status: 0, names: expect.arrayContaining(["json-c-lite"]), same: true };
    expect(await listed("consumer.js")).toEqual(expected);
    expect(await listed("consumer.cjs")).toEqual(expected);
  }, 300_000);
});

const PROGRAM = `
async function consume(location: string): Promise<void> {
  const session = openSession({ environmentVariables: { HOME: "/nonexistent" } });
  const run: Run = { scheduler: createScheduler(2) };
  const { packages } = await list(session.mirrors.open(location, "fetch"), { specs: [] }, { run });
  const output: string[] = [];
  const streams: Console = {
    stdout: { write: (text) => output.push(text) },
    stderr: process.stderr,
    environment: { HOME: "/nonexistent" },
    signal: AbortSignal.timeout(60_000),
  };
  const status = await main(["list", "--json", location], streams);
  const names = packages.map(({ name }) => name);
  console.log(JSON.stringify({ status, names, same: output.join("").includes(names[0] ?? "nothing") }));
}
void consume(process.argv[2] ?? "");
`;

const CONSUMER = `
import { createScheduler, list, openSession, type Run } from "@spack-oci/buildcache";
import { type Console, main } from "spack-oci";
${PROGRAM}`;

const CONSUMER_IN_COMMONJS = `
import buildcache = require("@spack-oci/buildcache");
import spackOci = require("spack-oci");
const { createScheduler, list, openSession } = buildcache;
const { main } = spackOci;
type Run = buildcache.Run;
type Console = spackOci.Console;
${PROGRAM}`;
