// The options of scripts/bench.mjs select what runs.

import { expect, it } from "vitest";
import { chooseCases } from "../cases/all-cases.js";
import { readSettings } from "../support/settings.js";

const names = (variables: NodeJS.ProcessEnv) => chooseCases(readSettings(variables)).map(({ name }) => name);

it("has sizes that can be changed separately", () => {
  expect(readSettings({})).toMatchObject({ rounds: 3, few: 20, many: 200, large: 300, isFull: false });
  expect(readSettings({ SPACK_OCI_BENCH_LARGE: "7" })).toMatchObject({ rounds: 3, large: 7 });
  expect(readSettings({ SPACK_OCI_BENCH_QUICK: "true" })).toMatchObject({ rounds: 1, isQuick: true });
});

it("rejects sizes that are not numbers", () => {
  expect(() => readSettings({ SPACK_OCI_BENCH_MANY: "lots" })).toThrow("SPACK_OCI_BENCH_MANY");
});

it("leaves long cases out unless requested", () => {
  expect(names({})).toContain("pull-large");
  expect(names({})).not.toContain("pull-huge");
  expect(names({ SPACK_OCI_BENCH_FULL: "true" })).toContain("pull-huge");
});

it("runs a single case, even a long one, and lists the cases for an unknown name", () => {
  expect(names({ SPACK_OCI_BENCH_ONLY: "pull-huge" })).toEqual(["pull-huge"]);
  expect(() => names({ SPACK_OCI_BENCH_ONLY: "pull-hug" })).toThrow("pull-huge");
});

it("gives every case a unique name", () => {
  const all = names({ SPACK_OCI_BENCH_FULL: "true" });
  expect(new Set(all).size).toBe(all.length);
});
