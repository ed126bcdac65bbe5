// How the arguments of a command select specs.

import { isSpackOciError } from "@spack-oci/errors";
import type { SpecNode } from "@spack-oci/spack-spec";
import { describe, expect, it } from "vitest";
import { selectSpecs } from "../../src/catalog/select-specs.js";
import { node } from "../support/nodes.js";

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
