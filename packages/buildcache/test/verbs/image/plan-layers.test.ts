// Over a limit the smallest layers are made into one; everything else stays as it is.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type LayerLimits, planLayers } from "../../../src/verbs/image/plan-layers.js";
import { member } from "../../support/members.js";
import { namesOf } from "../../support/nodes.js";

function plan(sizes: readonly number[], limits: Partial<LayerLimits>): string[] {
  const members = sizes.map((size, index) => member(String.fromCharCode(97 + index), { size }));
  const groups = planLayers(members, { most: 127, others: 0, squash: false, ...limits });
  return groups.map((group) => namesOf(group).join(""));
}

describe("planLayers", () => {
  it.each([
    ["leaves alone what fits", [3, 1, 2], { most: 3 }, ["a", "b", "c"]],
    ["merges the smallest, at the place of the first", [5, 1, 4, 2, 3], { most: 3 }, ["a", "bde", "c"]],
    ["counts the layers of a base and a view", [5, 1, 4, 2, 3], { most: 5, others: 2 }, ["a", "bde", "c"]],
    ["takes the lower of equal ones", [1, 1, 1], { most: 2 }, ["ab", "c"]],
    ["squashes all", [1, 2, 3], { squash: true }, ["abc"]],
    ["squashes nothing where there is one", [1], { squash: true }, ["a"]],
  ])("%s", (_, sizes, limits, groups) => {
    expect(plan(sizes, limits)).toEqual(groups);
  });

  it.each([
    { most: 1, others: 1 },
    { most: 127, others: 127, squash: true },
  ])("finds no place with %j", (limits) => {
    expect(() => plan([1], limits)).toThrow(
      expect.objectContaining({ code: "ERR_TOO_MANY_LAYERS", kind: "usage" }),
    );
  });

  it("keeps to any limit, loses nothing, and makes no larger layer than it must", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 26 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 30 }), (all, most) => {
        const groups = plan(all, { most });
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
