// Creates a configuration stack of the oracles in a new directory (see tests/fixtures/oracles/README.md).

import { randomBytes } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Json, parseJson } from "@spack-oci/spack-spec";
import { fixturePath } from "../../../../tests/support/spack-fixtures.js";
import type { OpenSpackOptions } from "../../src/instance/open-spack-instance.js";
import { type ListedCase, readListedCases } from "./listed-cases.js";

const STACKS = fixturePath("oracles/config");

/** One stack, laid out. */
export interface ConfigStack {
  /** The temporary directory with everything. */
  readonly work: string;
  /** What was asked of Spack. */
  readonly asked: Asked;
  /** What Spack answered; paths are those of the copy. */
  readonly expected: ReadonlyMap<string, Json>;
  readonly options: OpenSpackOptions;
}

/** `stack.json`. */
export interface Asked {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly sections?: readonly string[];
  readonly blame?: readonly string[] | null;
  readonly get?: readonly string[];
  readonly canonical?: readonly string[];
  readonly strings?: readonly string[];
  readonly permission_specs?: readonly string[];
  readonly projection_specs?: readonly string[];
  readonly mirror_filters?: readonly Readonly<Record<string, boolean>>[];
}

/** Where a stack is from: a directory of the oracles, or files in a list. */
export type StackSource = ListedCase | { readonly name: string };

/** The stacks of the oracles, and those of tests/fixtures/configuration. */
export function configStacks(): StackSource[] {
  const oracles = readdirSync(STACKS).filter((name) => existsSync(join(STACKS, name, "stack.json")));
  return [...oracles.map((name) => ({ name })), ...readListedCases("configuration/stacks.json")];
}

/** Lays a stack out in a new directory and replaces the placeholders in all of its files. */
export function layOutStack(source: StackSource): ConfigStack {
  const work = shortDirectory();
  const directory = join(work, "stack");
  const spackRoot = join(work, "spack");
  const home = join(work, "home");
  const places: readonly [string, string][] = [
    ["@STACK@", directory],
    ["@SPACK@", spackRoot],
    ["@HOME@", home],
    ["@WORK@", work],
  ];
  writeStack(source, directory);
  replaceIn(directory, places);
  mkdirSync(home, { recursive: true });
  if (existsSync(join(directory, "home"))) cpSync(join(directory, "home"), home, { recursive: true });
  cpSync(join(directory, "spack"), spackRoot, { recursive: true });
  mkdirSync(join(spackRoot, "lib/spack/spack"), { recursive: true });
  writeFileSync(join(spackRoot, "lib/spack/spack/__init__.py"), '__version__ = "1.2.0.dev0"\n');

  const asked = JSON.parse(readFileSync(join(directory, "stack.json"), "utf8")) as Asked;
  const expected = parseJson(readFileSync(join(directory, "expected.json"), "utf8")) as ReadonlyMap<
    string,
    Json
  >;
  const host = { platform: "linux", os: "debian12", target: { name: "cascadelake", family: "x86_64" } };
  const env = { ...asked.env, HOME: home };
  const options = { spackRoot, home, env, host, cwd: asked.cwd, ...readArguments(asked.args) };
  return { work, asked, expected, options };
}

function writeStack(source: StackSource, directory: string): void {
  if (!("files" in source)) {
    cpSync(join(STACKS, source.name), directory, { recursive: true });
    return;
  }
  cpSync(join(STACKS, "01-defaults-only/spack"), join(directory, "spack"), { recursive: true });
  const { files, members } = source;
  const all = [
    ...files,
    ["stack.json", members.get("asked")],
    ["expected.json", members.get("expected")],
  ] as const;
  for (const [path = "", text = ""] of all) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
}

/**
 * A new directory of eight characters, like the one that Spack was asked in: how much padding a root gets depends on
 * the length of its path.
 */
function shortDirectory(): string {
  for (;;) {
    const path = `/tmp/${randomBytes(2).toString("hex").slice(0, 3)}`;
    if (existsSync(path)) continue;
    mkdirSync(path);
    return path;
  }
}

function readArguments(args: readonly string[]): OpenSpackOptions {
  const values = (flag: string) => args.filter((_, index) => args[index - 1] === flag);
  return {
    environment: values("-e")[0],
    environmentDirectory: values("-D")[0],
    withoutEnvironment: args.includes("-E"),
    configScopes: values("-C"),
    commandLine: values("-c"),
  };
}

function replaceIn(directory: string, places: readonly [string, string][]): void {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    if (statSync(path).isDirectory()) {
      replaceIn(path, places);
      continue;
    }
    // Bytes stay as they are: one stack has a file that is not UTF-8.
    let text = readFileSync(path, "latin1");
    for (const [placeholder, place] of places) text = text.replaceAll(placeholder, place);
    writeFileSync(path, text, "latin1");
  }
}
