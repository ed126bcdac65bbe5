// The examples in docstrings compile as strictly as the packages, run, and print what they say.

import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "node:util";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { docExamples, expectedOutput } from "../support/doc-examples.js";
import { repository } from "../support/documentation.js";
import { fixture } from "../support/fixtures.js";
import { scratchDirectory } from "../support/scratch.js";
import { readFixture } from "../support/spack-fixtures.js";

const MARGO = "margo-lite-0.18.3-cd2e4nf3k3sw2czder5ycghwcpmmvl4k.spec.json";
const start = process.cwd();
const directories = new Map<string, string>();

/** Each example as a file in its package, from where package names resolve; below dist, which Git and linters ignore. */
const examples = docExamples().map((example, at) => {
  const known = directories.get(example.package);
  const directory = known ?? directoryIn(example.package);
  directories.set(example.package, directory);
  const file = join(directory, `example-${at}.ts`);
  writeFileSync(file, example.code);
  return { ...example, file };
});

function directoryIn(name: string): string {
  const dist = join(repository, "packages", name, "dist");
  mkdirSync(dist, { recursive: true });
  return mkdtempSync(join(dist, "examples-"));
}

afterAll(() => {
  for (const directory of directories.values()) rmSync(directory, { recursive: true, force: true });
});

it("compile", { timeout: 240_000 }, () => {
  const path = join(repository, "tsconfig.base.json");
  const { options, errors } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(path, ts.sys.readFile).config,
    ts.sys,
    repository,
  );
  expect(errors.filter(({ code }) => code !== NO_INPUTS)).toEqual([]);
  const program = ts.createProgram(
    examples.map(({ file }) => file),
    {
      ...options,
      composite: false,
      declaration: false,
      declarationMap: false,
      noEmit: true,
      typeRoots: [join(repository, "node_modules/@types")],
    },
  );
  const problems = ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
    const example = examples.find((each) => each.file === file?.fileName);
    return `${example?.place ?? file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
  });
  expect(problems).toEqual([]);
});

/** The configuration that all packages extend names no files. */
const NO_INPUTS = 18_003;

describe("run", () => {
  beforeAll(() => {
    const directory = scratchDirectory("examples");
    // What examples read: a buildcache, the document of a package, and the database of a store.
    cpSync(fixture("oci-layout-main"), join(directory, "buildcache"), { recursive: true });
    writeFileSync(join(directory, "margo.json"), readFixture(`spack-1.2/producer/specs/${MARGO}`));
    writeFileSync(join(directory, "index.json"), readFixture("spack-1.2/producer/spack-db-index.json"));
    process.chdir(directory);
    vi.stubEnv("SPACK_OCI_CACHE", "off");
    vi.stubEnv("HOME", directory);
  });
  afterAll(() => {
    process.chdir(start);
    vi.unstubAllEnvs();
  });

  it.each(examples)("$package: $about", async ({ file, code, place }) => {
    const printed: string[] = [];
    const print = vi.spyOn(console, "log").mockImplementation((...values) => {
      printed.push(format(...values));
    });
    try {
      await import(file);
    } finally {
      print.mockRestore();
    }
    const expected = expectedOutput(code);
    expect(expected.length, place).toBeGreaterThan(0);
    // What has no comment prints something that is not always the same.
    const shown = expected.includes("") ? [] : expected;
    if (shown.length > 0) expect(printed, place).toEqual(shown);
    else expect(printed.length, place).toBeGreaterThan(0);
  });
});

it("are in every package, and about what it exports", () => {
  const names = readdirSync(join(repository, "packages"));
  expect([...new Set(examples.map((each) => each.package))].sort()).toEqual(names.sort());
  for (const { about, place } of examples) expect(about, place).not.toBe("");
});
