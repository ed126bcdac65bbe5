// What scripts/bench.mjs asks for is what runs.
import { expect, it } from "vitest";
import { chooseCases } from "../cases/all-cases.js";
import { readSettings } from "../support/settings.js";

const names = (variables: NodeJS.ProcessEnv) => chooseCases(readSettings(variables)).map(({ name }) => name);

it("has sizes that can be changed one by one", () => {
  expect(readSettings({})).toMatchObject({ rounds: 3, few: 20, many: 200, large: 300, isFull: false });
  expect(readSettings({ SPACK_OCI_BENCH_LARGE: "7" })).toMatchObject({ rounds: 3, large: 7 });
  expect(readSettings({ SPACK_OCI_BENCH_QUICK: "true" })).toMatchObject({ rounds: 1, isQuick: true });
});

it("refuses what is no number", () => {
  expect(() => readSettings({ SPACK_OCI_BENCH_MANY: "lots" })).toThrow("SPACK_OCI_BENCH_MANY");
});

it("leaves out what takes long, unless it is asked for", () => {
  expect(names({})).toContain("pull-large");
  expect(names({})).not.toContain("pull-huge");
  expect(names({ SPACK_OCI_BENCH_FULL: "true" })).toContain("pull-huge");
});

it("runs one case, also one that takes long, and tells which there are", () => {
  expect(names({ SPACK_OCI_BENCH_ONLY: "pull-huge" })).toEqual(["pull-huge"]);
  expect(() => names({ SPACK_OCI_BENCH_ONLY: "pull-hug" })).toThrow("pull-huge");
});

it("gives every case a name of its own", () => {
  const all = names({ SPACK_OCI_BENCH_FULL: "true" });
  expect(new Set(all).size).toBe(all.length);
});
