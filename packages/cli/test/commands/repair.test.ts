// Options and results of spack-oci repair.

import type { RepairResult } from "@spack-oci/buildcache";
import { describe, expect, it } from "vitest";
import { renderRepair, repairCommand } from "../../src/commands/repair.js";
import { descriptor, done, FAILURE_JSON, failed, failure, named, tagOf } from "../support/packages.js";
import { flagsOf, parse } from "../support/parse.js";
import { BY_POLICY, SIGN_FLAGS, UNSIGNED, VERIFY_FLAGS } from "../support/signature-options.js";

type Item = RepairResult["plan"]["todo"][number];

const item = (name: string, changes: Partial<Item> = {}): Item => ({
  tag: tagOf(name),
  node: named(name),
  layer: descriptor("a"),
  from: `/old/${name}`,
  to: `/opt/${name}`,
  isMisplaced: true,
  packages: [named(name).hash],
  ...changes,
});

const TREE = { store: { unpaddedRoot: "/opt" }, paddedLength: 0, projections: new Map() };

const result = (
  changes: Partial<RepairResult> = {},
  plan: Partial<RepairResult["plan"]> = {},
): RepairResult => ({
  tree: TREE as unknown as RepairResult["tree"],
  plan: { todo: [item("zlib")], right: [], unread: [], ...plan },
  unread: [],
  unrelocatable: undefined,
  packages: [],
  images: [],
  ...changes,
});

const image = (original?: string) => ({
  tag: tagOf("zlib"),
  before: descriptor("a").digest,
  after: descriptor("b").digest,
  original,
});

const unrelocatable = () =>
  Object.assign(failure("failed", "1 package has no room"), {
    packages: [{ package: named("zlib"), root: "/old", problems: [] }],
  }) as unknown as NonNullable<RepairResult["unrelocatable"]>;

describe("options", () => {
  it("are these, in this order", () => {
    expect(flagsOf(repairCommand)).toEqual([
      "--relocate-to <root>",
      "--padded-length <n>",
      "--projection <spec=format>",
      "--originals <what>",
      ...SIGN_FLAGS,
      ...VERIFY_FLAGS,
      "--dry-run",
    ]);
  });

  it("have defaults", async () => {
    expect(await parse(repairCommand, "m")).toEqual({
      mirror: "m",
      specs: [],
      relocateTo: undefined,
      paddedLength: undefined,
      projections: undefined,
      originals: "keep",
      ...UNSIGNED,
      ...BY_POLICY,
      dryRun: false,
    });
  });

  it("reject unknown policies", async () => {
    await expect(parse(repairCommand, "m", "--originals", "hide")).rejects.toThrow(
      "Allowed choices are keep, drop, refuse.",
    );
  });
});

describe("a repair", () => {
  it("counts images, and the originals it kept", () => {
    const repaired = result(
      { packages: [done("zlib")], images: [image("t.orig")] },
      { right: [item("app")] },
    );
    const { json, lines, status } = renderRepair(repaired, false);
    expect(lines).toEqual([
      "Repaired 1 of 1 image; 1 already correct; kept 1 original under tags that end in .orig.",
    ]);
    expect(status).toBe(0);
    expect(json).toEqual({
      installTree: { root: "/opt", paddedLength: 0, projections: {} },
      unrelocatable: [],
      planned: [{ ...named("zlib"), tag: tagOf("zlib"), from: "/old/zlib", to: "/opt/zlib", isAstray: true }],
      right: [{ ...named("app"), tag: tagOf("app") }],
      repaired: [image("t.orig")],
      failed: [],
      skipped: [],
      unread: [],
    });
  });

  it("shows dropped originals as null", () => {
    const { json, lines } = renderRepair(result({ images: [image()] }), false);
    expect(lines).toEqual(["Repaired 1 of 1 image; 0 already correct."]);
    expect(json).toMatchObject({ repaired: [{ original: null }] });
  });

  it("has the status of its failures", () => {
    const { json, lines, status } = renderRepair(result({ packages: [failed("zlib")] }), false);
    expect(lines).toEqual([
      "Failed: zlib@1.0/zlibxxx: no access",
      "Repaired 0 of 1 image; 0 already correct; 1 failed.",
    ]);
    expect(status).toBe(4);
    expect(json).toMatchObject({ failed: [{ ...named("zlib"), error: FAILURE_JSON }] });
  });

  it("reports packages that could not be read", () => {
    const unread = [
      { tag: "t", what: "gone", kind: "missing-blob", severity: "error", hint: "Push." },
    ] as const;
    const { lines, status } = renderRepair(result({}, { unread }), false);
    expect(lines.slice(0, 2)).toEqual(["error: t (missing-blob): gone", "  Push."]);
    expect(status).toBe(5);
  });

  it("that is planned shows every move", () => {
    const todo = [
      item("zlib"),
      item("lost", { from: undefined }),
      item("app", { isMisplaced: false, packages: [named("zlib").hash, named("app").hash] }),
    ];
    const { lines, status } = renderRepair(result({}, { todo }), true);
    expect(lines).toEqual([
      `would repair ${tagOf("zlib")}, from /old/zlib to /opt/zlib`,
      `would repair ${tagOf("lost")}, from an unknown root to /opt/lost`,
      `would repair ${tagOf("app")}, with the new layers of its dependencies`,
    ]);
    expect(status).toBe(0);
  });

  it("that is planned marks packages that cannot be repaired", () => {
    const unread = [{ item: item("lost"), error: failure("corrupt", "bad layer") }];
    const todo = [item("zlib"), item("lost"), item("app")];
    const { json, lines, status } = renderRepair(
      result({ unrelocatable: unrelocatable(), unread: unread as RepairResult["unread"] }, { todo }),
      true,
    );
    expect(lines.map((line) => line.split(" ", 2).join(" "))).toEqual([
      ...["cannot repair", "cannot repair", "would repair", "bad layer"],
    ]);
    expect(status).toBe(1);
    expect(json).toMatchObject({
      unrelocatable: [{ ...named("zlib"), root: "/old", problems: [] }],
      report: { code: "ERR_TEST", message: "1 package has no room" },
      unread: [{ tag: tagOf("lost"), error: { kind: "corrupt" } }],
    });
  });
});
