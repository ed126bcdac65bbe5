// How the arguments of a command select specs.

import { isSpackOciError } from "@spack-oci/errors";
import type { Json, SpecNode } from "@spack-oci/spack-spec";
import { describe, expect, it } from "vitest";
import { selectSpecs, selectSpecsFor } from "../../src/catalog/select-specs.js";
import { graphOf, hashOf, node } from "../support/nodes.js";

const old = { ...node("zlib", [], "1.2.13"), hash: `aaa${"2".repeat(29)}` };
const current = { ...node("zlib", [], "1.3.1"), hash: `aab${"2".repeat(29)}` };
const branch = { ...node("data-lite", [], "git.main=1.0"), hash: `bbb${"2".repeat(29)}` };
const candidates = [old, current, branch];
const pool = (nodes: readonly SpecNode[]) => ({
  graph: new Map(nodes.map((each) => [each.hash, each])),
  candidates: nodes,
  name: "here",
});
const select = (...specs: string[]) => selectSpecs(pool(candidates), specs);

function refusal(...specs: string[]) {
  try {
    select(...specs);
  } catch (error) {
    if (isSpackOciError(error)) return error;
  }
  throw new Error("nothing was rejected");
}

describe("selectSpecs", () => {
  it("selects everything without arguments", () => {
    expect(select()).toEqual(candidates);
    expect(selectSpecs(pool([]), [])).toEqual([]);
  });

  it.each([
    ["zlib@1.3.1", current],
    ["zlib@=1.2.13", old],
    ["/aaa", old],
    [`/${current.hash}`, current],
    ["data-lite", branch],
    ["data-lite@git.main=1.0", branch],
  ])("finds %s", (argument, expected) => {
    expect(select(argument)).toEqual([expected]);
  });

  it("keeps the order of the arguments, and selects each spec once", () => {
    expect(select("data-lite", "zlib@1.3.1", "/aab")).toEqual([branch, current]);
  });

  it.each(["zlib", "/aa"])("lists the candidates if %s is ambiguous", (argument) => {
    const error = refusal(argument);
    expect(error).toMatchObject({ code: "ERR_SPEC_AMBIGUOUS", kind: "usage", place: argument });
    expect(error.message).toContain("zlib@1.2.13/aaa2222");
    expect(error.message).toContain("zlib@1.3.1/aab2222");
  });

  it.each(["zli", "zlib@1.4", "/ccc", "ZLIB"])("does not find %s", (argument) => {
    const error = refusal(argument);
    expect(error).toMatchObject({ code: "ERR_SPEC_NOT_FOUND", kind: "not-found", place: argument });
    expect(error.message).toBe(`${argument} is not in here.`);
  });

  it.each(["zlib@", "a!b", "zlib@1:2:3"])("rejects %j", (argument) => {
    expect(refusal(argument).kind).toBe("usage");
  });
});

/** A spec of the same name as others, with its own hash. */
function variantOf(name: string, at: string, changes: Partial<SpecNode>): SpecNode {
  return { ...node(name), hash: `${at}${hashOf(name).slice(at.length)}`, ...changes };
}

const on = (target: string, os = "debian12", platform = "linux"): Partial<SpecNode> => ({
  architecture: { platform, os, target, targetJson: target },
});

/** The lines below the first of an error's message, without hashes. */
function listed(choose: () => unknown): readonly string[] {
  try {
    choose();
  } catch (error) {
    if (isSpackOciError(error))
      return error.message
        .split("\n")
        .slice(1)
        .map((line) => line.replace(/.*\/\w{7} */, ""));
  }
  throw new Error("nothing was rejected");
}

describe("an ambiguous spec lists what differs", () => {
  const of = (...nodes: readonly SpecNode[]) => listed(() => selectSpecs(pool(nodes), ["tool"]));

  it("targets, operating systems and platforms", () => {
    expect(of(variantOf("tool", "aa", on("aarch64")), variantOf("tool", "bb", on("x86_64_v4")))).toEqual([
      "target=aarch64",
      "target=x86_64_v4",
    ]);
    expect(of(variantOf("tool", "aa", on("zen")), variantOf("tool", "bb", on("zen", "rhel9")))).toEqual([
      "os=debian12",
      "os=rhel9",
    ]);
  });

  it("variants", () => {
    const parameters = (shared: boolean, kind: string) => ({
      parameters: new Map<string, Json>([
        ["shared", shared],
        ["kind", kind],
        ["same", "yes"],
      ]),
    });
    expect(
      of(variantOf("tool", "aa", parameters(true, "a")), variantOf("tool", "bb", parameters(false, "a"))),
    ).toEqual(["~shared", "+shared"]);
  });

  it("compiler flags", () => {
    const flags = (...cflags: string[]) => ({ parameters: new Map<string, Json>([["cflags", cflags]]) });
    expect(of(variantOf("tool", "aa", flags("-O3")), variantOf("tool", "bb", flags()))).toEqual([
      "",
      "cflags=-O3",
    ]);
  });

  it("dependencies, however deep, and none that are the same", () => {
    const deep = [node("zlib", [], "1.2"), { ...node("zlib", [], "1.3"), hash: hashOf("zlib2") }];
    const lib = node("lib", ["zlib"]);
    const other = { ...node("lib", ["zlib2"]), hash: hashOf("lib2") };
    const tools = [
      node("tool", ["lib", "same"]),
      variantOf("tool", "bb", { dependencies: node("tool", ["lib2", "same"]).dependencies }),
    ];
    const graph = graphOf(...deep, lib, other, node("same"), ...tools);
    expect(listed(() => selectSpecs({ graph, candidates: tools, name: "here" }, ["tool"]))).toEqual([
      "^zlib@1.2",
      "^zlib@1.3",
    ]);
  });

  it("of many packages only the first ones", () => {
    const hashes = Array.from(
      { length: 30 },
      (_, at) => `${"abcdefghij"[at % 10]}${"klm"[Math.floor(at / 10)]}`,
    );
    const lines = of(...hashes.map((hash) => variantOf("tool", hash, {})));
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toBe("  ... and 10 more");
  });
});

describe("selectSpecsFor", () => {
  const machine = { platform: "linux", os: "debian12", target: "skylake", systems: new Set(["debian12"]) };
  const solo = variantOf("solo", "aa", on("neoverse_v2"));
  const arm = variantOf("tool", "aa", on("aarch64"));
  const old = variantOf("tool", "bb", on("x86_64_v2"));
  const exact = variantOf("tool", "cc", on("skylake"));
  const newer = variantOf("tool", "dd", on("x86_64_v4"));
  const choose = (nodes: readonly SpecNode[], ...specs: string[]) =>
    selectSpecsFor(machine, pool(nodes), specs);

  it("chooses what the machine can run", () => {
    expect(choose([solo, arm, old, newer], "tool")).toEqual([old]);
    expect(choose([solo, arm, old, newer])).toEqual([old]);
  });

  it("prefers the machine's own architecture, like Spack", () => {
    expect(choose([old, exact], "tool")).toEqual([exact]);
  });

  it("rejects what only other machines can run, and says what there is", () => {
    const rejection = { code: "ERR_OTHER_MACHINE", kind: "not-found" };
    const says = "for other machines: linux-debian12-neoverse_v2. This machine is linux-debian12-skylake.";
    for (const specs of [["solo"], [`/${solo.hash}`], []])
      expect(() => choose([solo], ...specs)).toThrowError(
        expect.objectContaining({ ...rejection, message: expect.stringContaining(says) }),
      );
  });

  it("still rejects what does not exist, and what is ambiguous", () => {
    expect(() => choose([solo], "tool")).toThrowError(
      expect.objectContaining({ code: "ERR_SPEC_NOT_FOUND" }),
    );
    const other = variantOf("tool", "ee", on("x86_64"));
    expect(() => choose([old, other], "tool")).toThrowError(
      expect.objectContaining({ code: "ERR_SPEC_AMBIGUOUS" }),
    );
  });
});
