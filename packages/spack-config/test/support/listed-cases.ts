// Reads test cases from a JSON file, preserving the order of keys and the difference between 2 and 2.0.

import { formatJson, type Json, parseJson } from "@spack-oci/spack-spec";
import { readFixture } from "../../../../tests/support/spack-fixtures.js";

/** One case: its files by path, and the text of its other JSON members by name. */
export interface ListedCase {
  readonly name: string;
  readonly files: ReadonlyMap<string, string>;
  readonly members: ReadonlyMap<string, string>;
}

/** The cases in a file below tests/fixtures. */
export function readListedCases(fixture: string): ListedCase[] {
  const cases = parseJson(readFixture(fixture)) as readonly ReadonlyMap<string, Json>[];
  return cases.map((each) => ({
    name: String(each.get("name")),
    files: each.get("files") as ReadonlyMap<string, string>,
    members: new Map([...each].map(([name, value]) => [name, formatJson(value)])),
  }));
}
