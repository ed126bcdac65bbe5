// Random specs, including those of Spack 0.23, give the same results as Spack's functions
// (tests/fixtures/spec-language).

import { describe, expect, it } from "vitest";
import { readJsonFixture } from "../../../tests/support/spack-fixtures.js";
import { type DisplayOptions, displaySpecs } from "../src/find/display-specs.js";
import { formatAny, textOf } from "../src/format/format-spec.js";
import { formatTree } from "../src/format/format-tree.js";
import { intersects, satisfies } from "../src/match/satisfies.js";
import { concreteSpecs, specOfNode } from "../src/model/concrete-specs.js";
import { sortSpecs } from "../src/model/sort-specs.js";
import type { ConcreteSpec } from "../src/model/spec.js";
import { parseSpec } from "../src/parse/parse-spec.js";
import { catalogOf, prefixOf as prefixIn, recordOf } from "../src/query/catalog.js";
import { ANY_STATUS, queryCatalog } from "../src/query/query.js";
import { readDatabase } from "./support/database.js";
import { spackError } from "./support/spack-errors.js";

interface Answers {
  readonly queries: readonly { readonly query: string; readonly hashes: unknown }[];
  readonly pairs: readonly { readonly left: string; readonly right: string; readonly answers: unknown }[];
  readonly formats: Readonly<Record<string, Record<string, unknown>>>;
  readonly trees: Readonly<Record<string, string>>;
  readonly order: readonly string[];
  readonly displays: readonly { readonly options: Record<string, boolean>; readonly text: string }[];
}

describe("spec strings", () => {
  const cases = readJsonFixture<{ text: string; result: unknown }[]>("spec-language/parse.json");
  it.each(cases)("$text", ({ text, result }) => {
    expect(spackError(() => textOf(parseSpec(text)))).toEqual(result);
  });
});

describe.each(["7", "8"])("database of version %s", (version) => {
  const index = `spec-language/database-${version}.json`;
  const catalog = catalogOf(readDatabase(index));
  const answers = readJsonFixture<Answers>(`spec-language/answers-${version}.json`);
  const spec = (hash: string) => concreteSpecs(catalog.graph).get(hash) as ConcreteSpec;
  const all = [...catalog.graph.values()].map((node) => specOfNode(catalog.graph, node));
  const prefixOf = (hash: string) => prefixIn(catalog, hash);
  const options = { prefixOf, isInstalled: (hash: string) => recordOf(catalog, hash)?.installed === true };

  it.each(answers.queries)("finds $query", ({ query, hashes }) => {
    const found = () => queryCatalog(catalog, parseSpec(query), { status: ANY_STATUS });
    expect(spackError(() => found().map((node) => node.hash))).toEqual(hashes);
  });

  it.each(answers.pairs)("compares $left and $right", ({ left, right, answers: expected }) => {
    const compare = () => {
      const [own, other] = [parseSpec(left), parseSpec(right)];
      return [satisfies(own, other), satisfies(other, own), intersects(own, other)];
    };
    expect(spackError(compare)).toEqual(expected);
  });

  it.each(Object.entries(answers.formats))("prints %s by formats", (hash, expected) => {
    const printed = Object.keys(expected).map((format) => [
      format,
      spackError(() => formatAny(spec(hash), format, options)),
    ]);
    expect(Object.fromEntries(printed)).toEqual(expected);
  });

  it.each(Object.entries(answers.trees))("draws %s as a tree", (hash, tree) => {
    expect(formatTree([spec(hash)], { format: (other) => formatAny(other) })).toBe(tree);
  });

  it("sorts all specs", () => {
    expect(sortSpecs(all).map(({ node }) => node.hash)).toEqual(answers.order);
  });

  it.each(answers.displays)("lists all specs with $options", ({ options: names, text }) => {
    const context = { style: {}, formatOptions: options, prefixOf };
    expect(displaySpecs(all, displayOptions(names), context)).toBe(text);
  });
});

/** Spack's names of the options. */
function displayOptions(names: Readonly<Record<string, boolean>>): DisplayOptions {
  const own: Readonly<Record<string, string>> = {
    very_long: "veryLong",
    show_flags: "flags",
    specfile_format: "specfileFormat",
  };
  return Object.fromEntries(Object.entries(names).map(([name, value]) => [own[name] ?? name, value]));
}
