// A prefix belongs to one package: among those to pull, and among those that are installed.

import type { InstallRecord } from "@spack-oci/spack-store";
import { expect, it } from "vitest";
import { requireDistinctPrefixes } from "../../../src/verbs/pull/distinct-prefixes.js";
import type { PullItem } from "../../../src/verbs/pull/plan-pull.js";
import { external, graphOf, node } from "../../support/nodes.js";

function item(name: string, prefix: string): PullItem {
  return { node: node(name), prefix, tag: `${name}.spack`, explicit: false, reinstall: false };
}

function record(name: string, path: string | null, more: Partial<InstallRecord> = {}): InstallRecord {
  return {
    spec: node(name),
    refCount: 0,
    path,
    installed: true,
    explicit: false,
    installationTime: 0,
    deprecatedFor: null,
    ...more,
  };
}

function check(todo: readonly PullItem[], ...records: readonly InstallRecord[]) {
  const byHash = new Map(records.map((each) => [each.spec.hash, each]));
  requireDistinctPrefixes(todo, { version: 8, records: byHash, graph: graphOf() });
}

it("accepts distinct prefixes, and the prefix of the package itself", () => {
  check([item("a", "/s/a"), item("b", "/s/b")], record("a", "/s/a"), record("c", "/s/c"));
});

it("rejects two packages to pull with the same prefix", () => {
  expect(() => check([item("a", "/s/x"), item("b", "/s/x")])).toThrow(
    expect.objectContaining({
      code: "ERR_PREFIX_SHARED",
      kind: "conflict",
      place: "/s/x",
      message: "b@1/baaaaaa and a@1/aaaaaaa have the same prefix.",
    }),
  );
});

it("rejects the prefix of another installed package", () => {
  expect(() => check([item("a", "/s/x")], record("b", "/s/x"))).toThrow(
    expect.objectContaining({ code: "ERR_PREFIX_SHARED" }),
  );
});

it("ignores records that are not installed, external, or without a path", () => {
  check(
    [item("a", "/usr"), item("b", "/s/b")],
    record("c", "/s/b", { installed: false }),
    record("d", "/usr", { spec: external("d") }),
    record("e", null),
  );
});
