// Reads the oracles: what Spack's own functions make of given data.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const fixtures = fileURLToPath(new URL("../../../../../tests/fixtures/", import.meta.url));

// biome-ignore lint/suspicious/noExplicitAny: the README beside the oracles tells the shape of each file.
export function readOracle(name: string): any {
  return JSON.parse(readFileSync(`${fixtures}oracles/${name}`, "utf8"));
}
