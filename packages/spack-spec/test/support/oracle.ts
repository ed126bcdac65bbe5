// Reads the oracles: what Spack's own functions make of given data.

import { readJsonFixture } from "../../../../tests/support/spack-fixtures.js";

// biome-ignore lint/suspicious/noExplicitAny: the README beside the oracles tells the shape of each file.
export function readOracle(name: string): any {
  return readJsonFixture(`oracles/${name}`);
}
