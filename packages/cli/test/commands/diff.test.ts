// Arguments and results of spack-oci diff.

import type { DiffResult } from "@spack-oci/buildcache";
import { expect, it } from "vitest";
import { diffCommand, renderDiff } from "../../src/commands/diff.js";
import { FAILURE_JSON, failure, named, node } from "../support/packages.js";
import { flagsOf, parse } from "../support/parse.js";

const SAME = { a: "one", b: "two", isSame: true };

const result = (changes: Partial<DiffResult> = {}): DiffResult => ({
  onlyInA: [],
  onlyInB: [],
  same: ["s"],
  different: [],
  unreadable: [],
  index: { onlyInA: [], onlyInB: [], different: [] },
  ...changes,
});

it("has no options", () => {
  expect(flagsOf(diffCommand)).toEqual([]);
});

it("takes two mirrors", async () => {
  expect(await parse(diffCommand, "one", "two")).toEqual({ a: "one", b: "two" });
  await expect(parse(diffCommand, "one")).rejects.toThrow("missing required argument 'second'");
});

it("is 0 for equal buildcaches", () => {
  expect(renderDiff(result(), SAME)).toMatchObject({
    lines: ["Tags in both: 1 identical, 0 different."],
    status: 0,
  });
});

it("is 7 for different ones, and lists all differences", () => {
  const { json, lines, status } = renderDiff(
    result({
      onlyInA: ["x"],
      onlyInB: ["y"],
      different: [{ tag: "z", parts: ["spec", "layer"] }],
      unreadable: [{ tag: "u", error: failure() }],
      index: { onlyInA: [node("zlib")], onlyInB: [node("app")], different: [node("mpi")] },
    }),
    { ...SAME, isSame: false },
  );
  expect(lines).toEqual([
    "only in one: x",
    "only in two: y",
    "different (spec, layer): z",
    "not compared: u: no access",
    "only in the index of one: zlib@1.0/zlibxxx",
    "only in the index of two: app@1.0/appxxxx",
    "different in the indexes: mpi@1.0/mpixxxx",
    "Tags in both: 1 identical, 1 different.",
  ]);
  expect(status).toBe(7);
  expect(json).toEqual({
    onlyInA: ["x"],
    onlyInB: ["y"],
    same: ["s"],
    different: [{ tag: "z", parts: ["spec", "layer"] }],
    unreadable: [{ tag: "u", error: FAILURE_JSON }],
    index: { onlyInA: [named("zlib")], onlyInB: [named("app")], different: [named("mpi")] },
  });
});

it("is 6 if tags could not be compared", () => {
  expect(renderDiff(result({ unreadable: [{ tag: "u", error: failure() }] }), SAME).status).toBe(6);
});
