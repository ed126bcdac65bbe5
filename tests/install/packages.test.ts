// What is published to npm's registry can be installed, run and imported.

import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { beforeAll, describe, expect, it } from "vitest";
import { fixture } from "../support/fixtures.js";
import { packPackages } from "../support/packed-packages.js";
import { scratchDirectory } from "../support/scratch.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const tarballs = scratchDirectory("packed");
const project = scratchDirectory("project");
const layout = `oci-layout:${fixture("oci-layout-main")}`;

const hasRegistry = spawnSync("npm", ["ping"], { timeout: 20_000 }).status === 0;
if (!hasRegistry) console.log("packages.test.ts: skipped, because npm's registry cannot be reached");

function run(command: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const env = { PATH: process.env["PATH"], HOME: process.env["HOME"], ...environment };
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: project, env, encoding: "utf8" });
  return { status, stdout, stderr };
}

function succeed(command: string, args: readonly string[]): string {
  const { status, stdout, stderr } = run(command, args);
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}: ${stdout}${stderr}`);
  return stdout;
}

let packed: ReadonlyMap<string, string>;

describe.skipIf(!hasRegistry)("the packages", () => {
  beforeAll(() => {
    packed = packPackages(tarballs);
    writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
    succeed("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", ...packed.values()]);
  }, 300_000);

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
      const files = succeed("tar", ["-tzf", path]).split("\n");
      for (const name of ["README.md", "LICENSE-APACHE", "LICENSE-MIT"])
        expect(files).toContain(`package/${name}`);
      // Source maps have their sources beside them.
      const sources = files.filter((file) => file.endsWith(".ts.map")).map((file) => file.split("/dist/")[1]);
      for (const source of sources)
        expect(files).toContain(`package/src/${source?.replace(".d.ts.map", ".ts")}`);

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

  it("install globally with one command, which neither compiles nor warns", () => {
    const prefix = join(project, "global");
    const args = ["install", "--global", "--prefix", prefix, "--prefer-offline", "--no-audit", "--no-fund"];
    const { status, stdout, stderr } = run("npm", [...args, packed.get("cli") ?? ""]);
    expect({ status, stderr, stdout }).toEqual({
      status: 0,
      stderr: "",
      // The command, and the native code of its locks.
      stdout: expect.stringMatching(/^\s*added [12] packages? in /),
    });
    const command = join(prefix, "bin", "spack-oci");
    expect(succeed(command, ["list", layout, "json-c-lite"])).toContain("json-c-lite@");
    const pulled = run(command, ["pull", "--allarch", layout, "json-c-lite", "--root", join(prefix, "opt")]);
    // A warning would say that Spack does not see the locks.
    expect(pulled).toMatchObject({ status: 0, stderr: expect.not.stringContaining("warning") });
  });

  it("have one command, in few files", () => {
    const files = succeed("tar", ["-tzf", packed.get("cli") ?? ""])
      .trim()
      .split("\n");
    expect(files.filter((file) => !file.startsWith("package/bundle/")).sort()).toEqual(
      ["LICENSE-APACHE", "LICENSE-MIT", "README.md", "package.json"].map((name) => `package/${name}`),
    );
    expect(files.filter((file) => file.startsWith("package/bundle/")).length).toBeLessThan(120);
    expect(readdirSync(join(project, "node_modules", ".bin")).filter((name) => /spack/.test(name))).toEqual([
      "spack-oci",
    ]);
  });

  it("are a library for TypeScript, ES modules and CommonJS", () => {
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
    succeed(process.execPath, [compiler, ...strict, "--module", "nodenext", "--outDir", "out", ...files]);
    succeed(process.execPath, [compiler, ...strict, "--module", "preserve", "--noEmit", "consumer.ts"]);
    mkdirSync(join(project, "out"), { recursive: true });
    const listed = (file: string) => JSON.parse(succeed(process.execPath, [join("out", file), layout]));
    const expected = { status: 0, names: expect.arrayContaining(["json-c-lite"]), same: true };
    expect(listed("consumer.js")).toEqual(expected);
    expect(listed("consumer.cjs")).toEqual(expected);
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
