// Options and results of spack-oci list.

import { expect, it } from "vitest";
import { listCommand, renderList } from "../../src/commands/list.js";
import { flagsOf, parse } from "../support/parse.js";

it("has these options, in this order", () => {
  expect(flagsOf(listCommand)).toEqual([
    "-l, --long",
    "-L, --very-long",
    "-v, --variants",
    "-N, --namespaces",
    "-d, --deps",
    "--env-only",
    "-a, --allarch",
    "--format <format>",
  ]);
});

it("takes the flags of spack find", async () => {
  const off = { long: false, veryLong: false, variants: false, namespaces: false, deps: false };
  const scope = { envOnly: false, allarch: false };
  expect(await parse(listCommand, "m")).toEqual({
    mirror: "m",
    specs: [],
    ...off,
    ...scope,
    format: undefined,
  });
  expect(await parse(listCommand, "m", "-lLvNd", "zlib", "--format", "{name}")).toEqual({
    mirror: "m",
    specs: ["zlib"],
    long: true,
    veryLong: true,
    variants: true,
    namespaces: true,
    deps: true,
    ...scope,
    format: "{name}",
  });
});

it("splits the text of spack find into lines", () => {
  expect(renderList("-- linux --\nzlib@1.0\n", false)).toEqual({
    json: undefined,
    lines: ["-- linux --", "zlib@1.0"],
    status: 0,
  });
  expect(renderList("", false).lines).toEqual([]);
});

it("passes the JSON of spack find on", () => {
  expect(renderList('[{"name": "zlib"}]\n', true).json).toEqual([{ name: "zlib" }]);
});
