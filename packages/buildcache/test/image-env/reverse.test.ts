// Additions to the environment can be taken back.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type EnvironmentModification, modifyEnvironment } from "../../src/image-env/modifications.js";
import { reversed } from "../../src/image-env/reverse.js";

const path = fc.constantFrom("/a", "/b", "/c/d");
const addition = fc.record({
  kind: fc.constantFrom("prepend-path" as const, "append-path" as const),
  name: fc.constantFrom("X", "Y"),
  value: path,
});

it("restores lists, whatever was added to them", () => {
  fc.assert(
    fc.property(fc.array(path, { minLength: 1 }), fc.array(addition), (entries, additions) => {
      const start = new Map([
        ["X", entries.join(":")],
        ["Y", "/y"],
      ]);
      const changed = modifyEnvironment(start, additions);
      expect(modifyEnvironment(changed, reversed(additions))).toEqual(start);
    }),
  );
});

it("unsets what was set, removes flags, and leaves alone what cannot be undone", () => {
  const steps: EnvironmentModification[] = [
    { kind: "set", name: "A", value: "a" },
    { kind: "append-flags", name: "B", value: "-x" },
    { kind: "unset", name: "C", value: "" },
    { kind: "remove-path", name: "D", value: "/d" },
  ];
  expect(reversed(steps)).toEqual([
    { kind: "remove-flags", name: "B", value: "-x" },
    { kind: "unset", name: "A", value: "" },
  ]);
});

describe("steps that Spack's recipes may take", () => {
  it.each([
    ["remove-path", "/b", "/a:/b:/c:/b/", "/a:/c:/b"],
    ["remove-first-path", "/b", "/a:/b/:/c:/b", "/a:/c:/b"],
    ["remove-last-path", "/b", "/a:/b/:/c:/b", "/a:/b:/c"],
    ["remove-last-path", "/x", "/a::/b", "/a:.:/b"],
    ["remove-first-path", "/x", "", "."],
    ["deprioritize-system-paths", "", "/usr/bin:/a:/usr/lib64/:/b", "/a:/b:/usr/bin:/usr/lib64"],
    ["prune-duplicate-paths", "", "/a:/b/:/a:/b", "/a:/b"],
    ["append-flags", "-x -y", "-a", "-a -x -y"],
    ["remove-flags", "-a", "-a -b -a", "-b"],
  ] as const)("%s %j of %j is %j", (kind, value, before, after) => {
    expect(modifyEnvironment(new Map([["X", before]]), [{ kind, name: "X", value }]).get("X")).toBe(after);
  });
});
