// Lock files of all formats contain the same specs as in Spack.

import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isSpackOciError, type SpackOciError } from "@spack-oci/errors";
import {
  formatJson,
  hashText,
  type Json,
  parseJson,
  type SpecNode,
  specOfNode,
  textOf,
} from "@spack-oci/spack-spec";
import { afterAll, describe, expect, it } from "vitest";
import { fixturePath, readFixture } from "../../../../tests/support/spack-fixtures.js";
import type { SpackEnvironment } from "../../src/environment/environment.js";
import { openSpackInstance } from "../../src/instance/open-spack-instance.js";
import { lockfileToJson } from "../support/format-lockfile.js";
import { readListedCases } from "../support/listed-cases.js";
import { rewriteNode } from "../support/rewrite-node.js";

type Expected = ReadonlyMap<string, Json>;

const work = mkdtempSync(join(tmpdir(), "spack-oci-lockfile-"));
const cases = join(work, "lockfile");
layOut();
afterAll(() => rmSync(work, { recursive: true }));

/** The code that stands for each of Spack's error classes; many are Python's own and mean a damaged file. */
const CODES: Readonly<Record<string, RegExp>> = {
  ConfigFormatError: /^ERR_CONFIG_FORMAT$/,
  SpackEnvironmentError: /^ERR_(?:LOCKFILE_VERSION|ENVIRONMENT_NOT_FOUND)$/,
  KeyError: /^ERR_LOCKFILE$/,
  TypeError: /^ERR_LOCKFILE$/,
  RuntimeError: /^ERR_LOCKFILE$/,
  JSONDecodeError: /^ERR_LOCKFILE$/,
  SpecTokenizationError: /^ERR_(?:LOCKFILE|SPEC_TOKENS)$/,
  ValueError: /^ERR_LOCKFILE$/,
  AttributeError: /^ERR_LOCKFILE$/,
  DuplicateDependencyError: /^ERR_LOCKFILE$/,
  UnsatisfiableVersionSpecError: /^ERR_SPEC_CONFLICT$/,
  UndefinedReferenceError: /^ERR_SPEC_LIST$/,
};

describe.each(readdirSync(cases))("%s", (name) => {
  const directory = join(cases, name);
  const expected = parseJson(readFileSync(join(directory, "expected.json"), "utf8")) as Expected;
  const error = expected.get("error");
  const filesBefore = readdirSync(directory);

  // Spack makes a lock directory and, of format 1, a backup (`files_written`): it may write. Reading here does not.
  afterAll(() => expect(readdirSync(directory)).toEqual(filesBefore));

  if (typeof error === "string") {
    it("is rejected", () => {
      const read = () => {
        const environment = openEnvironment(directory);
        return [environment.userSpecs, environment.lockfile];
      };
      expect(read).toThrow(
        expect.toSatisfy((thrown) => isSpackOciError(thrown) && CODES[error]?.test(thrown.code) === true),
      );
    });
    return;
  }

  const environment = openEnvironment(directory);
  const lockfile = attempt(() => environment.lockfile);
  it("is read", () => expect(lockfile).not.toSatisfy((value) => isSpackOciError(value)));
  if (isSpackOciError(lockfile)) return;

  it("has the same roots", () => {
    expect(lockfile?.roots).toEqual(rootsOf(expected.get("roots")));
    const hashes = new Set(lockfile?.roots.map(({ hash }) => hash));
    expect([...hashes].sort()).toEqual(expected.get("specs_by_hash"));
  });

  it("has the same roots of included environments", () => {
    const included = (expected.get("included") ?? new Map()) as ReadonlyMap<string, Json>;
    expect([...(lockfile?.included ?? [])]).toEqual(
      [...included].map(([path, roots]) => [path, rootsOf(roots)]),
    );
  });

  it("has the same user specs", () => {
    expect(environment.userSpecs.map(textOf)).toEqual(expected.get("user_specs"));
  });

  it("has the same concrete specs", () => {
    expect(environment.concreteSpecs.map(({ hash }) => hash).sort()).toEqual(expected.get("all_hashes"));
  });

  it.each([...((expected.get("nodes") ?? []) as Expected)])("reads the node %s", (hash, node) => {
    expect(describeNode(environment, hash)).toEqual(plain(node));
  });

  if (expected.has("rewritten"))
    it("is rewritten to the same lock file", () => {
      expect(lockfile && inOrder(lockfileToJson(lockfile))).toEqual(
        inOrder(expected.get("rewritten") ?? null),
      );
    });
});

function layOut(): void {
  cpSync(fixturePath("oracles/lockfile"), cases, { recursive: true });
  const newest = readFixture("oracles/lockfile/01-v6/spack.lock");
  for (const { name, files, members } of readListedCases("configuration/lockfiles.json")) {
    mkdirSync(join(cases, name));
    writeFileSync(join(cases, name, "expected.json"), members.get("expected") ?? "");
    for (const [path, text] of files) writeFileSync(join(cases, name, path), text === "@V6@" ? newest : text);
  }
  for (const name of readdirSync(cases)) {
    for (const file of readdirSync(join(cases, name))) {
      const path = join(cases, name, file);
      writeFileSync(path, readFileSync(path, "utf8").replaceAll("@DIR@", cases));
    }
  }
  mkdirSync(join(work, "spack/lib/spack/spack"), { recursive: true });
  writeFileSync(join(work, "spack/lib/spack/spack/__init__.py"), '__version__ = "1.2.0.dev0"\n');
}

function openEnvironment(directory: string): SpackEnvironment {
  const { environment } = openSpackInstance({
    spackRoot: join(work, "spack"),
    env: { SPACK_DISABLE_LOCAL_CONFIG: "1" },
    environment: directory,
    home: work,
    cwd: work,
    host: { platform: "linux", os: "debian12", target: { name: "x86_64_v3", family: "x86_64" } },
  });
  if (environment === undefined) throw new Error(`There is no environment in ${directory}.`);
  return environment;
}

function attempt<T>(action: () => T): T | SpackOciError {
  try {
    return action();
  } catch (error) {
    if (isSpackOciError(error)) return error;
    throw error;
  }
}

function rootsOf(json: Json | undefined): unknown {
  return (json as readonly Expected[]).map((root) => ({ spec: root.get("spec"), hash: root.get("hash") }));
}

function describeNode(environment: SpackEnvironment, hash: string): unknown {
  const graph = environment.lockfile?.graph ?? new Map<string, SpecNode>();
  const node = graph.get(hash) as SpecNode;
  const spec = specOfNode(graph, node);
  return {
    name: node.name,
    version: node.version,
    namespace: node.namespace ?? null,
    external: node.external?.path ?? null,
    variants: Object.fromEntries(
      [...spec.variants].map(([name, { values }]) => [name, variantValue(values)]),
    ),
    original_specfile_version: node.annotations.originalSpecfileVersion,
    compiler_annotation: node.annotations.compiler ?? null,
    dependencies: node.dependencies.map(({ name, hash: other, deptypes, virtuals, direct }) => {
      return { name, hash: other, deptypes, virtuals, direct };
    }),
    build_spec: node.buildSpec?.hash ?? null,
    recomputed_hash: hashAsWritten(node, environment),
  };
}

function variantValue(values: readonly (string | boolean)[]): unknown {
  return typeof values[0] === "boolean" ? values[0] : values;
}

/** The hash of a node as it would be written now, whatever it was when it was hashed. */
function hashAsWritten(node: SpecNode, environment: SpackEnvironment): string {
  const json = new Map(rewriteNode(node));
  json.delete("hash");
  const hash = hashText(formatJson(json));
  const built = node.buildSpec && environment.lockfile?.graph.get(node.buildSpec.hash);
  return built === undefined ? hash : hash.slice(0, -7) + hashAsWritten(built, environment).slice(-7);
}

/** JSON as plain objects, for values whose order does not matter. */
function plain(json: Json): unknown {
  if (json instanceof Map) return Object.fromEntries([...json].map(([key, value]) => [key, plain(value)]));
  if (Array.isArray(json)) return json.map(plain);
  return typeof json === "bigint" ? Number(json) : json;
}

/** JSON with objects as lists of entries, so that their order counts. */
function inOrder(json: Json): unknown {
  if (json instanceof Map) return { entries: [...json].map(([key, value]) => [key, inOrder(value)]) };
  return Array.isArray(json) ? json.map(inOrder) : json;
}
