// What a push decides to do.
import { databaseOf, type InstallRecord, type SpecNode } from "@spack-oci/spack-store";
import { describe, expect, it } from "vitest";
import { packageTag } from "../../src/protocol/tags.js";
import { isPushable, type PushSelection, planPush } from "../../src/push/plan-push.js";
import { external, hashOf, namesOf, node } from "../support/nodes.js";

const glibc = external("glibc");
const zlib = node("zlib", ["glibc"]);
const cmake = node("cmake", ["zlib"]);
const app = node("app", ["zlib", "cmake:build"]);
const all = [glibc, zlib, cmake, app];

const record = (spec: SpecNode, changes: Partial<InstallRecord> = {}): InstallRecord => ({
  spec,
  refCount: 1,
  path: `/opt/${spec.name}`,
  installed: true,
  explicit: false,
  installationTime: 0,
  deprecatedFor: null,
  ...changes,
});

function plan(changes: Partial<PushSelection> = {}, gone: readonly string[] = []) {
  const records = all.map((spec): [string, InstallRecord] => [
    spec.hash,
    record(spec, { installed: !gone.includes(spec.name) }),
  ]);
  return planPush({
    database: databaseOf(new Map(records)),
    roots: [hashOf("app")],
    withBuildDependencies: true,
    force: false,
    existingTags: new Set(),
    ...changes,
  });
}

describe("planPush", () => {
  it("takes along runtime and build dependencies, dependencies first, without externals", () => {
    expect(namesOf(plan().todo)).toEqual(["zlib", "cmake", "app"]);
    expect(plan().todo[0]).toEqual({ node: zlib, prefix: "/opt/zlib", tag: packageTag(zlib) });
  });

  it("leaves build dependencies out where that is wanted, or where they are gone", () => {
    expect(namesOf(plan({ withBuildDependencies: false }).todo)).toEqual(["zlib", "app"]);
    const withoutCmake = plan({}, ["cmake"]);
    expect(namesOf(withoutCmake.todo)).toEqual(["zlib", "app"]);
    expect(withoutCmake.absent).toEqual([]);
  });

  it("leaves out what is there, unless it is forced", () => {
    const existingTags = new Set([packageTag(zlib)]);
    expect(namesOf(plan({ existingTags }).todo)).toEqual(["cmake", "app"]);
    expect(namesOf(plan({ existingTags }).present)).toEqual(["zlib"]);
    expect(namesOf(plan({ existingTags, force: true }).todo)).toEqual(["zlib", "cmake", "app"]);
  });

  it("names runtime dependencies that neither side has", () => {
    expect(plan({}, ["zlib"]).absent.map(({ name }) => name)).toEqual(["zlib"]);
    expect(plan({ existingTags: new Set([packageTag(zlib)]) }, ["zlib"]).absent).toEqual([]);
  });
});

it("pushes only what Spack installed and still has", () => {
  expect(isPushable(record(zlib))).toBe(true);
  expect(isPushable(record(zlib, { installed: false }))).toBe(false);
  expect(isPushable(record(zlib, { path: null }))).toBe(false);
  expect(isPushable(record(glibc))).toBe(false);
});
