// Configuration stacks have the same scopes, merged values, blame and derived settings as in Spack.

import { rmSync } from "node:fs";
import { isSpackOciError, type SpackOciError } from "@spack-oci/errors";
import { type Json, parseSpec, satisfies } from "@spack-oci/spack-spec";
import { afterAll, describe, expect, it, vi } from "vitest";
import type { MirrorDirection } from "../../src/derived/mirror-connection.js";
import type { MirrorEntry } from "../../src/derived/mirrors.js";
import { openSpackInstance } from "../../src/instance/open-spack-instance.js";
import type { SpackInstance } from "../../src/instance/spack-instance.js";
import { formatPlace } from "../../src/yaml/blame.js";
import { type ConfigValue, toPlain } from "../../src/yaml/value.js";

import { type Asked, configStacks, layOutStack } from "../support/config-stacks.js";

/** The code that stands for each of Spack's error classes. */
const CODES: Readonly<Record<string, RegExp>> = {
  ConfigFormatError: /^ERR_CONFIG_FORMAT$/,
  ConfigFileError: /^ERR_CONFIG_FILE$/,
  ConfigSectionError: /^ERR_CONFIG_SECTION$/,
  ConfigError: /^ERR_CONFIG_/,
  RecursiveIncludeError: /^ERR_CONFIG_INCLUDE$/,
  NameError: /^ERR_CONFIG_CONDITION$/,
  SpackYAMLError: /^ERR_CONFIG_(?:PATH|FILE)$/,
  SpackEnvironmentError: /^ERR_ENVIRONMENT_/,
  SpackEnvironmentConfigError: /^ERR_CONFIG_FILE$/,
  SpecListError: /^ERR_SPEC_LIST$/,
  UndefinedReferenceError: /^ERR_SPEC_LIST$/,
  KeyError: /^ERR_(?:ENVIRONMENT_CONFIG|UPSTREAM_WITHOUT_ROOT)$/,
  ValueError: /^ERR_(?:CONFIG_INCLUDE|CONFIG_PATH|MIRROR_WITHOUT_URL)/,
};

// The oracle is from that day, and "$date" is one of the variables.
vi.useFakeTimers({ toFake: ["Date"], now: new Date(2026, 10, 22) });
afterAll(() => vi.useRealTimers());

describe.each(configStacks())("$name", (source) => {
  const { asked, expected, options, work } = layOutStack(source);
  afterAll(() => rmSync(work, { recursive: true }));
  const failure = expected.get("failure");

  if (failure !== undefined) {
    it("fails like Spack", () => expectError(() => openSpackInstance(options), failure));
    return;
  }

  const instance = attempt(() => openSpackInstance(options));
  it("opens", () => expect(instance).not.toSatisfy((value) => isSpackOciError(value)));
  if (isSpackOciError(instance)) return;

  const derived = new Map(Object.entries(derive(instance, asked)));

  if (expected.has("scopes"))
    it("has the same scopes", () => {
      const scopes = instance.configuration.scopes.map(({ name: scope, path }) => [scope, path ?? null]);
      expect(scopes).toEqual(expected.get("scopes"));
    });

  it.each(entriesOf(expected.get("sections")))("merges %s", (section, value) => {
    expectValue(() => toPlain(instance.configuration.section(section)), value);
  });

  it.each(entriesOf(expected.get("blame")))("blames the lines of %s", (section, lines) => {
    const blamed = () => instance.configuration.blame(section);
    expectValue(() => blamed().map(({ where, line }) => [formatPlace(where), `  ${line}`]), lines);
  });

  it.each(entriesOf(expected.get("derived")))("derives %s", (what, value) => {
    expect(derived.has(what)).toBe(true);
    expectValue(derived.get(what) ?? (() => undefined), value);
  });

  it("warns of the same", () => {
    const warnings = instance.warnings.map((warning) => `==> Warning: ${warning}`);
    expect(warnings).toEqual(expected.get("stderr") ?? []);
  });
});

/** The values that oracles call `derived`, each as a function, since some fail. */
function derive(instance: SpackInstance, asked: Asked): Record<string, () => unknown> {
  const { configuration } = instance;
  return {
    install_tree: () => {
      const { unpaddedRoot, paddedLength, projections } = instance.installTree;
      return { root: padded(unpaddedRoot, paddedLength), unpadded_root: unpaddedRoot, projections };
    },
    mirrors: () => instance.mirrors().map(describeMirror),
    mirror_filters: () =>
      named((asked.mirror_filters ?? []).map(pythonJson), (_, index) => {
        return instance.mirrors(asked.mirror_filters?.[index]).map((mirror) => mirror.name);
      }),
    upstreams: () => instance.upstreams,
    permissions: () => named(asked.permission_specs ?? [], (name) => describePermissions(instance, name)),
    get: () => named(asked.get ?? [], (path) => plainOrNull(configuration.get(path))),
    canonical: () => named(asked.canonical ?? [], (path) => canonicalOf(instance, configuration.get(path))),
    strings: () => named(asked.strings ?? [], (text) => instance.canonicalize(text)),
    projection_paths: () => named(asked.projection_specs ?? [], (text) => projectionOf(instance, text)),
  };
}

/** Spack's padding, in the slow way. */
function padded(root: string, length: number): string {
  if (length <= root.length) return root;
  return `${root}/${"__spack_path_placeholder__/".repeat(length)}`.slice(0, length).replace(/__\/$/, "___");
}

function describeMirror(mirror: MirrorEntry) {
  const { name, source, binary, signed, autopush } = mirror;
  const connection = (direction: MirrorDirection) => {
    const { url, accessPair, accessToken, profile, endpointUrl } = mirror.connection(direction);
    return {
      url,
      access_pair: accessPair ? [accessPair.id, accessPair.secret] : null,
      access_token: accessToken ?? null,
      profile: profile ?? null,
      endpoint_url: endpointUrl ?? null,
    };
  };
  return { name, source, binary, signed, autopush, fetch: connection("fetch"), push: connection("push") };
}

function describePermissions(instance: SpackInstance, name: string) {
  const permissions = attempt(() => instance.permissions(name));
  const octal = (mode: number | undefined) => `0o${(mode ?? 0).toString(8)}`;
  if (isSpackOciError(permissions)) return { mode: permissions, dir_mode: permissions, group: undefined };
  return {
    mode: octal(permissions.fileMode),
    dir_mode: octal(permissions.directoryMode),
    group: permissions.groupName,
  };
}

function canonicalOf(instance: SpackInstance, value: ConfigValue | undefined): unknown {
  if (value?.kind === "list") return value.items.map((item) => canonicalOf(instance, item));
  return value?.kind === "scalar" ? instance.canonicalize(value) : null;
}

/** The projection of a spec, as `get_projection` of Spack chooses it. */
function projectionOf(instance: SpackInstance, text: string): string | undefined {
  const { projections } = instance.installTree;
  const spec = parseSpec(text);
  const found = [...projections].find(([constraint]) => satisfies(spec, parseSpec(constraint)));
  return found?.[1] ?? projections.get("all");
}

function plainOrNull(value: ConfigValue | undefined): unknown {
  return value === undefined ? null : toPlain(value);
}

function named<T>(
  names: readonly string[],
  value: (name: string, index: number) => T,
): ReadonlyMap<string, T> {
  return new Map(names.map((name, index) => [name, value(name, index)]));
}

/** A filter as Python prints it in JSON. */
function pythonJson(filter: Readonly<Record<string, boolean>>): string {
  return JSON.stringify(filter).replaceAll(":", ": ").replaceAll(",", ", ");
}

function entriesOf(json: Json | undefined): [string, Json][] {
  return json instanceof Map ? [...json] : [];
}

function expectValue(value: () => unknown, expected: Json): void {
  if (isError(expected)) expectError(value, expected);
  else expect(ordered(withErrors(value(), expected))).toEqual(ordered(expected));
}

function expectError(action: () => unknown, expected: Json): void {
  const error = attempt(action);
  expect(error).toSatisfy((value) => isSpackOciError(value));
  compareError(error as SpackOciError, expected);
}

function compareError(error: SpackOciError, expected: Json): void {
  const [kind, message] = ["error", "message"].map((key) =>
    String((expected as ReadonlyMap<string, Json>).get(key)),
  );
  expect(error.code).toMatch(CODES[kind ?? ""] ?? /^$/);
  const place = /^(\/[^\s:]+(?::\d+)?): /.exec(message ?? "")?.[1];
  if (place !== undefined) expect(error.place).toBe(place);
  const [, file] = /near (\/[^\s,]+),/.exec(message ?? "") ?? [];
  if (file !== undefined) expect(error.place?.startsWith(file)).toBe(true);
}

/** Compares errors inside of a value by themselves, and puts what was expected in their place. */
function withErrors(value: unknown, expected: Json): unknown {
  if (isSpackOciError(value)) {
    compareError(value, expected);
    return expected;
  }
  if (value instanceof Map || (typeof value === "object" && value !== null && !Array.isArray(value))) {
    const entries = value instanceof Map ? [...value] : Object.entries(value);
    return new Map(
      entries.map(([key, inside]) => {
        const wanted = expected instanceof Map ? (expected.get(key) ?? null) : null;
        return [key, inside === undefined ? wanted : withErrors(inside, wanted)];
      }),
    );
  }
  return value;
}

/** Makes the order of keys count, and numbers of both kinds equal. */
function ordered(value: unknown): unknown {
  if (value instanceof Map) return { entries: [...value].map(([key, inside]) => [key, ordered(inside)]) };
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value === "object" && value !== null) return ordered(new Map(Object.entries(value)));
  return typeof value === "bigint" ? Number(value) : value;
}

function isError(json: Json): boolean {
  return json instanceof Map && json.has("error") && json.has("message");
}

function attempt<T>(action: () => T): T | SpackOciError {
  try {
    return action();
  } catch (error) {
    if (isSpackOciError(error)) return error;
    throw error;
  }
}
