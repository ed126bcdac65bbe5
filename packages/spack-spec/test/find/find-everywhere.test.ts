// Commands print what Spack prints with upstreams, in environments and on terminals (tests/fixtures/spec-language).

import { isSpackOciError } from "@spack-oci/errors";
import { describe, expect, it } from "vitest";
import { readJsonFixture } from "../../../../tests/support/spack-fixtures.js";
import { renderFind } from "../../src/find/find.js";
import type { FindEnvironment } from "../../src/find/find-environment.js";
import type { OutputStyle } from "../../src/find/terminal.js";
import { catalogOf } from "../../src/query/catalog.js";
import { readDatabase } from "../support/database.js";
import { findArguments } from "../support/find-arguments.js";

interface Case {
  readonly arguments: readonly string[];
  readonly columns: number | null;
  readonly output: string;
  readonly error: string;
}

interface FindCase extends Case {
  readonly environment: Omit<FindEnvironment, "graph"> | null;
  readonly color: boolean;
}

const [local, upstream] = ["find-local.json", "find-upstream.json"].map((name) =>
  readDatabase(`spec-language/${name}`),
);
const catalog = catalogOf(local as NonNullable<typeof local>, [upstream as NonNullable<typeof upstream>]);
const cases = readJsonFixture<{ find: FindCase[] }>("spec-language/find.json");

function style(columns: number | null, color = false): OutputStyle {
  return columns === null ? { color } : { color, columns };
}

/** The output of `action`, or its error as the command line prints it. */
function printed(action: () => string): { output: string; error: string } {
  try {
    return { output: action(), error: "" };
  } catch (error) {
    if (!isSpackOciError(error)) throw error;
    return { output: "", error: `==> Error: ${error.message}\n` };
  }
}

it("finds packages of some of the databases only", () => {
  const hashesIn = (databases: typeof catalog.databases) =>
    renderFind(catalog, { format: "{hash}", databases }).split("\n").filter(Boolean);
  const all = hashesIn(catalog.databases);
  const [own, others] = [hashesIn(catalog.databases.slice(0, 1)), hashesIn(catalog.databases.slice(1))];
  expect(own.every((hash) => local?.records.get(hash)?.installed)).toBe(true);
  expect(others.every((hash) => upstream?.records.get(hash)?.installed)).toBe(true);
  expect(own.length * others.length).toBeGreaterThan(0);
  expect(new Set([...own, ...others])).toEqual(new Set(all));
});

describe("find", () => {
  it.each(cases.find.map((item, index) => [index, item.arguments.join(" "), item] as const))(
    "%i: %s",
    (_index, _name, { arguments: args, environment, columns, color, output, error }) => {
      const options = {
        ...findArguments(args),
        style: style(columns, color),
        ...(environment === null ? {} : { environment: { ...environment, graph: catalog.graph } }),
      };
      expect(printed(() => renderFind(catalog, options))).toEqual({ output, error });
    },
  );
});
