// Any text is read as slowly parsing all of it reads it: the same specs, or the same error.

import { SpackOciError } from "@spack-oci/errors";
import { formatJson, formatSpec, type SpecNode } from "@spack-oci/spack-spec";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readBlob, readLayout } from "../../../../tests/support/spack-fixtures.js";
import { buildIndex } from "../../src/package-index/build-index.js";
import type { JsonSource } from "../../src/package-index/json-scanner.js";
import {
  openPackageIndex,
  type PackageIndex,
  readPackageIndex,
} from "../../src/package-index/package-index.js";
import { scanIndex } from "../../src/package-index/scan-index.js";
import { formatTable, parseTable } from "../../src/package-index/table-file.js";
import { buildSlowly, readSlowly } from "./slow-index.js";

const PLACE = "index.spack";
const RUNS = Number(process.env["INDEX_RUNS"] ?? 300);

/** Everything that can be asked of a spec. */
function contentOf(node: SpecNode): unknown {
  const { name, version, namespace, architecture, parameters, propagated, external, patches } = node;
  const { packageHash, dependencies, buildSpec, annotations, hash, specfileVersion } = node;
  const json = formatJson(node.json);
  const own = { name, version, namespace, architecture, parameters, propagated, external, patches };
  return { ...own, packageHash, dependencies, buildSpec, annotations, hash, specfileVersion, json };
}

/** What a text is read as, in a form that can be compared. */
function outcome(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SpackOciError)) throw error;
    return { code: error.code, kind: error.kind, place: error.place, message: error.message };
  }
}

/** A text of which a few bytes at a time are in memory. */
function piecewise(bytes: Buffer, window: number): JsonSource {
  return {
    size: bytes.length,
    window,
    read: (start, length) => Buffer.from(bytes.subarray(start, start + length)),
  };
}

function quickly(index: PackageIndex): unknown {
  const nodes = [...index.graph].map(([hash, node]) => [hash, contentOf(node)]);
  return { version: index.version, nodes, packages: index.packages.map(({ hash }) => hash) };
}

function slowly(text: string): unknown {
  const { version, graph, packages } = readSlowly(text, PLACE);
  return { version, nodes: [...graph].map(([hash, node]) => [hash, contentOf(node)]), packages };
}

function expectSame(bytes: Buffer): void {
  const expected = outcome(() => slowly(bytes.toString()));
  expect(outcome(() => quickly(readPackageIndex(bytes, PLACE)))).toEqual(expected);
  const text = piecewise(bytes, 1 + (bytes.length % 1000));
  expect(outcome(() => quickly(openPackageIndex(scanIndex(text, PLACE), text, PLACE)))).toEqual(expected);
}

const sample = readBlob(
  "spack-1.2/oci-layout-main",
  readLayout("spack-1.2/oci-layout-main").get("index.spack")?.layers[0]?.digest as string,
);

/** Words that mean something in an index, and others that are hard to read. */
const word = fc.oneof(
  fc.constantFrom("", "zlib", "1.2", "abc", "é", "\ud800", "\u2028", 'a"b', "\\", "\u007f", "true", "hash"),
  fc.string({ unit: "binary", maxLength: 4 }),
);
const hash = fc.constantFrom("aaaaaaa", "bbbbbbb", "ccccccc", "é", "");

/** A JSON text, with random white space, escapes, key orders and duplicate keys. */
interface Texts {
  readonly space: fc.Arbitrary<string>;
  readonly escape: fc.Arbitrary<boolean>;
}

const PLAIN: Texts = { space: fc.constant(""), escape: fc.constant(false) };
const ODD: Texts = {
  space: fc.oneof({ weight: 6, arbitrary: fc.constant("") }, fc.constantFrom(" ", "\n\t", "\r\n ")),
  escape: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true)),
};

function stringText(text: string, isEscaped: boolean): string {
  if (!isEscaped) return JSON.stringify(text);
  const codes = Array.from({ length: text.length }, (_, at) =>
    text.charCodeAt(at).toString(16).padStart(4, "0"),
  );
  return `"${codes.map((code) => `\\u${code}`).join("")}"`;
}

const text = (value: fc.Arbitrary<string>, { escape: escaped }: Texts) =>
  fc.tuple(value, escaped).map(([string, isEscaped]) => stringText(string, isEscaped));

function object(
  members: readonly (readonly [string, fc.Arbitrary<string>])[],
  texts: Texts,
): fc.Arbitrary<string> {
  const each = members.map(([key, value]) =>
    fc
      .tuple(text(fc.constant(key), texts), texts.space, texts.space, value)
      .map(([name, before, after, written]) => `${name}${before}:${after}${written}`),
  );
  const all = fc.tuple(...each);
  const chosen =
    texts === PLAIN
      ? all
      : fc.oneof(
          { weight: 5, arbitrary: all },
          all.chain((each) => fc.shuffledSubarray(each)),
          all.chain((each) => fc.array(fc.constantFrom(...each), { maxLength: each.length + 2 })),
        );
  return fc
    .tuple(chosen, texts.space)
    .map(([written, space]) => `{${space}${written.join(`,${space}`)}${space}}`);
}

const list = (item: fc.Arbitrary<string>, maxLength: number) =>
  fc.array(item, { maxLength }).map((items) => `[${items.join(",")}]`);

/** A value of any kind. */
const anything = fc.oneof(
  fc.json({ maxDepth: 2 }),
  fc.constantFrom(
    "NaN",
    "-Infinity",
    "1.0",
    "1e400",
    "-0",
    "01",
    "12345678901234567890",
    "null",
    "[]",
    "{}",
    '"x"',
  ),
);

function rarely(value: fc.Arbitrary<string>, texts: Texts): fc.Arbitrary<string> {
  return texts === PLAIN ? value : fc.oneof({ weight: 30, arbitrary: value }, anything);
}

function record(texts: Texts, key: fc.Arbitrary<string>, version: number): fc.Arbitrary<string> {
  const string = rarely(text(word, texts), texts);
  const parameters = object(
    [
      ["build_system", string],
      ["shared", fc.constantFrom("true", "false")],
      ["values", list(text(word, texts), 2)],
      ["cflags", list(text(word, texts), 1)],
    ],
    texts,
  );
  const edgeParameters = object(
    [
      ["deptypes", fc.constantFrom('["build"]', '["build","link"]', '"all"', "[]")],
      ["virtuals", fc.constantFrom("[]", '["mpi"]', '["c","cxx"]')],
      ...(texts === PLAIN ? [] : ([["direct", fc.constantFrom("true", "false", "1")]] as const)),
    ],
    texts,
  );
  const edge = object(
    [
      ["name", string],
      ["hash", text(hash, texts)],
      ["parameters", rarely(edgeParameters, texts)],
    ],
    texts,
  );
  const arch = object(
    [
      ["platform", fc.constant('"linux"')],
      ["platform_os", string],
      [
        "target",
        fc.constantFrom(
          '"x86_64"',
          '{"name":"zen4","vendor":"AMD","features":["avx"],"generation":0,"parents":[]}',
        ),
      ],
    ],
    texts,
  );
  const own = key.chain((known) => {
    const members: (readonly [string, fc.Arbitrary<string>])[] = [
      ["name", string],
      ["version", string],
      ["arch", rarely(arch, texts)],
      ...(version === 7 ? ([["compiler", fc.constantFrom('{"name":"gcc","version":"12"}')]] as const) : []),
      ["namespace", string],
      ["parameters", rarely(parameters, texts)],
      ["package_hash", string],
      ["dependencies", list(edge, 2)],
      ...(version === 8
        ? ([
            [
              "annotations",
              fc.constantFrom(
                '{"original_specfile_version":5}',
                '{"original_specfile_version":4,"compiler":"gcc@=12"}',
              ),
            ],
          ] as const)
        : []),
      ["hash", texts === PLAIN ? fc.constant(known) : fc.oneof(fc.constant(known), string)],
      ...(texts === PLAIN
        ? []
        : ([
            ["propagate", list(string, 1)],
            ["external", anything],
            ["patches", list(string, 2)],
          ] as const)),
    ];
    const value = object(
      [
        ["spec", object(members, texts)],
        ["ref_count", fc.nat(20).map(String)],
        ["in_buildcache", fc.constantFrom("true", "false")],
      ],
      texts,
    );
    return rarely(value, texts).map((written) => `${known}:${written}`);
  });
  return own;
}

const index = fc.constantFrom<7 | 8>(7, 8).chain((version) => {
  const key = text(hash, ODD);
  const records = fc.array(
    fc.oneof(
      record(
        PLAIN,
        text(
          hash.filter((each) => each !== ""),
          PLAIN,
        ),
        version,
      ),
      record(ODD, key, version),
    ),
    { maxLength: 4 },
  );
  const installs = records.map((all) => `{${all.join(",")}}`);
  const database = object(
    [
      ["version", rarely(fc.constant(`"${version}"`), ODD)],
      ["installs", rarely(installs, ODD)],
    ],
    ODD,
  );
  return object([["database", rarely(database, ODD)]], ODD);
});

describe("a random index", () => {
  it("is read as by the model", () => {
    fc.assert(
      fc.property(index, (written) => expectSame(Buffer.from(written))),
      { numRuns: RUNS },
    );
  });

  it("is read as by the model after any change of a byte, and wherever it ends", () => {
    const changed = fc
      .tuple(
        fc.oneof(index, fc.constant(sample)),
        fc.nat(),
        fc.nat(255),
        fc.constantFrom("change", "insert", "end", "drop"),
      )
      .map(([written, at, byte, how]) => {
        const bytes = Buffer.from(written);
        const place = at % bytes.length;
        const rest = bytes.subarray(how === "insert" ? place : place + 1);
        if (how === "end") return bytes.subarray(0, place);
        return Buffer.concat([bytes.subarray(0, place), Buffer.from(how === "drop" ? [] : [byte]), rest]);
      });
    fc.assert(fc.property(changed, expectSame), { numRuns: RUNS });
  });

  it("gives the same bytes when it is written again, and when its table was kept", () => {
    const whole = index
      .map((written) => Buffer.from(written))
      .filter((bytes) => {
        return typeof outcome(() => readPackageIndex(bytes, PLACE).packages) === "object";
      });
    fc.assert(
      fc.property(whole, (bytes) => {
        const read = outcome(() => readPackageIndex(bytes, PLACE));
        if (typeof read !== "object" || read === null || !("graph" in read)) return;
        const quick = read as PackageIndex;
        const text = piecewise(bytes, bytes.length);
        const table = parseTable(formatTable(scanIndex(text, PLACE)));
        if (table === undefined) throw new Error("the table is damaged");
        const kept = openPackageIndex(table, text, PLACE);
        expect(quickly(kept)).toEqual(quickly(quick));
        const slow = readSlowly(bytes.toString(), PLACE);
        const documents = (graph: ReadonlyMap<string, SpecNode>, hashes: readonly string[]) =>
          hashes.flatMap((each) => {
            const root = graph.get(each);
            return root === undefined ? [] : [{ root, graph }];
          });
        const expected = writing(() => buildSlowly(documents(slow.graph, slow.packages)));
        const hashes = quick.packages.map((node) => node.hash);
        for (const { graph } of [quick, kept])
          expect(
            writing(() => Buffer.concat([...buildIndex(documents(graph, hashes)).chunks()]).toString()),
          ).toEqual(expected);
      }),
      { numRuns: RUNS },
    );
  });
});

/** What is written. Random specs may depend on each other in circles, which neither way can write. */
function writing(write: () => string): unknown {
  try {
    return outcome(write);
  } catch (error) {
    if (error instanceof RangeError) return "a circle";
    throw error;
  }
}

it("formats the specs of an index like those of the model", () => {
  const quick = readPackageIndex(Buffer.from(sample), PLACE);
  const slow = readSlowly(sample, PLACE);
  for (const [hash, node] of slow.graph) {
    const same = quick.graph.get(hash);
    if (same === undefined) throw new Error(`${hash} is missing`);
    for (const format of [
      "{name}{@version}{variants}{ arch=architecture} {compilers}{/hash}",
      "{compiler_flags}{architecture}",
    ])
      expect(formatSpec(quick.graph, same, format)).toBe(formatSpec(slow.graph, node, format));
  }
});
