// `padded_length: true` pads as much as Spack; the configuration stacks test the rest of install trees.

import { expect, it } from "vitest";
import { systemPaddedLength } from "../../src/derived/install-tree.js";

it("pads to the system limit minus 300", () => {
  expect([systemPaddedLength("linux"), systemPaddedLength("darwin")]).toEqual([3796, 724]);
});
