// Constraints find the same specs and compare the same way as in Spack (queries.json).

import { describe, expect, it } from "vitest";
import { intersects, satisfies } from "../../src/match/satisfies.js";
import { concreteSpecs } from "../../src/model/concrete-specs.js";
import type { Spec } from "../../src/model/spec.js";
import { parseSpec } from "../../src/parse/parse-spec.js";
import { catalogOf } from "../../src/query/catalog.js";
import { ANY_STATUS, type QueryOptions, queryCatalog } from "../../src/query/query.js";
import { gitVersionsIn } from "../support/git-versions.js";
import { readOracle } from "../support/oracle.js";
import { parseOptions } from "../support/parse-options.js";
import { producer as database } from "../support/producer.js";
import { spackError } from "../support/spack-errors.js";

const oracle = readOracle("queries.json");
const catalog = catalogOf(database);
const specs = concreteSpecs(catalog.graph);
const options = { ...parseOptions, gitVersion: gitVersionsIn(database.graph) };
const parse = (text: string) => parseSpec(text, options);

interface Query {
  readonly query: string;
  readonly any?: readonly string[];
  readonly installed?: readonly string[];
}

describe("queries", () => {
  const cases = (oracle.queries as Query[]).filter((item) => item.any !== undefined);
  it.each(cases.map((item) => [item.query, item] as const))("%s", (text, expected) => {
    const find = (how: QueryOptions) =>
      spackError(() =>
        queryCatalog(catalog, parse(text), how)
          .map((spec) => spec.hash)
          .sort(),
      );
    expect(find({ status: ANY_STATUS })).toEqual(expected.any);
    expect(find({})).toEqual(expected.installed);
  });
});

describe("satisfies", () => {
  it.each(oracle.satisfies as { hash: string; constraint: string; satisfies: unknown }[])(
    "$hash $constraint",
    ({ hash, constraint, satisfies: expected }) => {
      const found = spackError(() => satisfies(specs.get(hash) as Spec, parse(constraint)));
      expect(found).toEqual(expected);
    },
  );
});

describe("intersects", () => {
  const read = (text: string) => specs.get(text.slice(1)) ?? parse(text);
  it.each(oracle.intersects as Record<string, never>[])("$left $right", (expected) => {
    const [left, right] = [
      read(expected["left"] as unknown as string),
      read(expected["right"] as unknown as string),
    ];
    const found: Record<string, unknown> = { intersects: spackError(() => intersects(left, right)) };
    if ("left_satisfies_right" in expected) {
      found["left_satisfies_right"] = spackError(() => satisfies(left, right));
      found["right_satisfies_left"] = spackError(() => satisfies(right, left));
    }
    expect({ left: expected["left"], right: expected["right"], ...found }).toEqual(expected);
  });
});
