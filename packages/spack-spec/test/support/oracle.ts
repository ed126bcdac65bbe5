// Reads the oracles: results of Spack's own functions.

import { readJsonFixture } from "../../../../tests/support/spack-fixtures.js";

// biome-ignore lint/suspicious/noExplicitAny: the README beside the oracles tells the shape of each file.
export function readOracle(name: string): any {
  return readJsonFixture(`oracles/${name}`);
}
