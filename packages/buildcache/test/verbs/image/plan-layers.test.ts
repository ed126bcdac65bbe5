// Beyond the limit the smallest layers are merged; all others are unchanged.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type LayerLimits, planLayers } from "../../../src/verbs/image/plan-layers.js";
import { member } from "../../support/members.js";
import { namesOf } from "../../support/nodes.js";

function plan(sizes: readonly number[], limits: Partial<LayerLimits>): string[] {
  const members = sizes.map((size, index) => member(String.fromCharCode(97 + index), { size }));
  const groups = planLayers(members, { maxLayers: 127, otherLayers: 0, squash: false, ...limits });
  return groups.map((group) => namesOf(group).join(""));
}

describe("planLayers", () => {
  it.each([
    ["changes nothing within the limit", [3, 1, 2], { maxLayers: 3 }, ["a", "b", "c"]],
    ["merges the smallest, at the place of the first", [5, 1, 4, 2, 3], { maxLayers: 3 }, ["a", "bde", "c"]],
    [
      "counts the layers of a base and a view",
      [5, 1, 4, 2, 3],
      { maxLayers: 5, otherLayers: 2 },
      ["a", "bde", "c"],
    ],
    ["prefers the lower of equal layers", [1, 1, 1], { maxLayers: 2 }, ["ab", "c"]],
    ["squashes all packages", [1, 2, 3], { squash: true }, ["abc"]],
    ["does not squash a single package", [1], { squash: true }, ["a"]],
  ])("%s", (_, sizes, limits, groups) => {
    expect(plan(sizes, limits)).toEqual(groups);
  });

  it.each([
    { maxLayers: 1, otherLayers: 1 },
    { maxLayers: 127, otherLayers: 127, squash: true },
  ])("finds no room with %j", (limits) => {
    expect(() => plan([1], limits)).toThrow(
      expect.objectContaining({ code: "ERR_TOO_MANY_LAYERS", kind: "usage" }),
    );
  });

  it("respects any limit, loses nothing, and merges no more than it must", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 26 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 30 }), (all, most) => {
        const groups = plan(all, { maxLayers: most });
        expect(groups).toHaveLength(Math.min(all.length, most));
        expect([...groups.join("")].sort()).toEqual(all.map((_, index) => String.fromCharCode(97 + index)));
        const merged = [...(groups.find((group) => group.length > 1) ?? "")];
        const sizeOf = (name: string) => all[name.charCodeAt(0) - 97] ?? 0;
        const smallest = [...all].sort((a, b) => a - b).slice(0, merged.length);
        expect(merged.map(sizeOf).sort((a, b) => a - b)).toEqual(smallest);
      }),
    );
  });
});
