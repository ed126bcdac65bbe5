// Lists of packages to keep, as people and Spack's pipelines write them.

import { expect, it } from "vitest";
import { parseKeepList } from "../../../src/verbs/prune/keep-list.js";

it("has a spec or hash on each line, and comments", () => {
  const hash = "jrtxylmzw232laxox2s5a5wkhr7skrim";
  const text = `# kept\r\n\n  margo-lite@0.18: +x  # why\n${hash}\n/${hash}\n/jrtxyl#no-comment\n`;
  expect(parseKeepList(text)).toEqual(["margo-lite@0.18: +x", `/${hash}`, `/${hash}`, "/jrtxyl#no-comment"]);
  expect(parseKeepList("")).toEqual([]);
});
