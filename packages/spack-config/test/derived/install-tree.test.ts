// `padded_length: true` pads as far as Spack does; the rest of install trees is in the configuration stacks.

import { expect, it } from "vitest";
import { systemPaddedLength } from "../../src/derived/install-tree.js";

it("pads as far as the system allows, less 300", () => {
  expect([systemPaddedLength("linux"), systemPaddedLength("darwin")]).toEqual([3796, 724]);
});
