// Options and results of spack-oci prune.

import type { PruneResult } from "@spack-oci/buildcache";
import { describe, expect, it } from "vitest";
import { pruneCommand, renderPrune } from "../../src/commands/prune.js";
import { FAILURE_JSON, failure, named, node, tagOf } from "../support/packages.js";
import { flagsOf, parse } from "../support/parse.js";
import { INDEX_SIGN_FLAGS, UNSIGNED_INDEX } from "../support/signature-options.js";

const item = (name: string) => ({ node: node(name), tag: tagOf(name) });

const result = (outcome: PruneResult["outcome"], changes: Partial<PruneResult> = {}): PruneResult => ({
  plan: {
    toDelete: [item("zlib"), item("app")],
    kept: [item("mpi")],
    others: ["latest", "v1"],
    unreadable: [],
    absent: [],
    hasIndex: true,
  },
  outcome,
  deleted: [],
  failed: [],
  index: undefined,
  ...changes,
});

describe("options", () => {
  it("are these, in this order", () => {
    expect(flagsOf(pruneCommand)).toEqual([
      "--keep-env <env>",
      "--keep-list <file>",
      "--older-than <age>",
      "--keep-build",
      ...INDEX_SIGN_FLAGS,
      "-y, --yes",
      "--dry-run",
    ]);
  });

  it("have defaults", async () => {
    expect(await parse(pruneCommand, "m")).toEqual({
      mirror: "m",
      keepEnv: undefined,
      keepList: undefined,
      olderThan: undefined,
      keepBuild: false,
      ...UNSIGNED_INDEX,
      yes: false,
      dryRun: false,
    });
  });

  it("take values", async () => {
    const args = [
      "--keep-env",
      "a",
      "--keep-env",
      "b",
      "--keep-list",
      "f",
      "--older-than",
      "2026-01-31",
      "-y",
    ];
    expect(await parse(pruneCommand, "m", ...args)).toMatchObject({
      keepEnv: ["a", "b"],
      keepList: ["f"],
      olderThan: new Date("2026-01-31"),
      ...UNSIGNED_INDEX,
      yes: true,
    });
  });

  it("reject ages that are not", async () => {
    await expect(parse(pruneCommand, "m", "--older-than", "soon")).rejects.toThrow("Expected an age");
  });
});

describe("a prune", () => {
  it("lists what it would delete", () => {
    expect(renderPrune(result("planned"))).toMatchObject({
      lines: [
        `would delete ${tagOf("zlib")}`,
        `would delete ${tagOf("app")}`,
        "Would delete 2 packages, keeping 1 package and 2 other tags.",
      ],
      status: 0,
    });
  });

  it("may have nothing to delete", () => {
    expect(renderPrune(result("nothing"))).toMatchObject({
      lines: ["Nothing to delete; keeping 1 package and 2 other tags."],
      status: 0,
    });
  });

  it("fails if declined", () => {
    expect(renderPrune(result("declined"))).toMatchObject({ lines: ["Nothing was deleted."], status: 1 });
  });

  it("counts deletions, and fails for those that failed", () => {
    const failed = [{ tag: tagOf("app"), error: failure() }];
    const { json, lines, status } = renderPrune(result("pruned", { deleted: [tagOf("zlib")], failed }));
    expect(lines).toEqual([
      `Could not delete ${tagOf("app")}: no access`,
      "Deleted 1 of 2 packages, keeping 1 package and 2 other tags.",
    ]);
    expect(status).toBe(4);
    expect(json).toEqual({
      outcome: "pruned",
      doomed: ["zlib", "app"].map((name) => ({ ...named(name), tag: tagOf(name) })),
      kept: [{ ...named("mpi"), tag: tagOf("mpi") }],
      others: ["latest", "v1"],
      unreadable: [],
      absent: [],
      deleted: [tagOf("zlib")],
      failed: [{ tag: tagOf("app"), error: FAILURE_JSON }],
    });
  });

  it("reports absent and unreadable packages, without failing", () => {
    const { plan } = result("nothing");
    const unreadable = [{ tag: "t", error: failure() }];
    const { lines, status } = renderPrune(
      result("nothing", { plan: { ...plan, absent: ["abc"], unreadable } }),
    );
    expect(lines.slice(0, 2)).toEqual([
      "/abc should be kept, but is not in the buildcache.",
      "Keeping t, which cannot be read: no access",
    ]);
    expect(status).toBe(0);
  });
});
