// Dependencies that no database lists are named.

import { expect, it } from "vitest";
import { unlistedDependencies } from "../../../src/verbs/push/unlisted-dependencies.js";
import { graphOf, node } from "../../support/nodes.js";

it("names what is missing at run time, and nothing else", () => {
  const nodes = [node("lib"), node("app", ["lib", "zlib", "cmake:build"])];
  const messages = unlistedDependencies(graphOf(...nodes), nodes);
  expect(messages).toHaveLength(1);
  expect(messages[0]).toMatch(
    /^app@1\/app\S* needs zlib\/zlibaaa, which the store's database does not list;/,
  );
});
