// Options and results of spack-oci audit.

import type { AuditedPackage, AuditResult } from "@spack-oci/buildcache";
import { expect, it } from "vitest";
import { auditCommand, renderAudit } from "../../src/commands/audit.js";
import { descriptor, named, tagOf } from "../support/packages.js";
import { flagsOf, parse } from "../support/parse.js";

const audited = (name: string, changes: Partial<AuditedPackage> = {}): AuditedPackage => ({
  tag: tagOf(name),
  package: named(name),
  layer: descriptor("a").digest,
  place: {
    prefix: `/opt/spack/${name}`,
    root: "/opt/spack",
    unpaddedRoot: "/opt/spack",
    paddedLength: undefined,
    projection: "{name}",
    by: "binary_distribution",
  },
  otherPrefixes: [],
  hasBinaries: true,
  spackVersion: "1.2.0.dev0 (abc)",
  way: "ends",
  requests: 2,
  bytes: 1500,
  runtimeDependencies: [],
  ...changes,
});

const result = (packages: readonly AuditedPackage[], changes: Partial<AuditResult> = {}): AuditResult => ({
  packages,
  roots: [{ root: "/opt/spack", unpaddedRoot: "/opt/spack", paddedLength: undefined, packages }],
  findings: [],
  unread: [],
  ...changes,
});

it("has these options, in this order", () => {
  expect(flagsOf(auditCommand)).toEqual(["--deep"]);
});

it("has one option", async () => {
  expect(await parse(auditCommand, "m")).toEqual({ mirror: "m", deep: false });
  expect(await parse(auditCommand, "m", "--deep")).toEqual({ mirror: "m", deep: true });
  await expect(parse(auditCommand, "m", "zlib")).rejects.toThrow("too many arguments");
});

it("lists packages under their roots, and how their layers were read", () => {
  const unknown = { spackVersion: undefined, way: "whole", requests: 1, bytes: 500 } as const;
  const { json, lines, status } = renderAudit(result([audited("zlib"), audited("app", unknown)]));
  expect(lines).toEqual([
    "/opt/spack/ (2 packages)",
    "  zlib@1.0/zlibxxx  {name}  Spack 1.2.0.dev0",
    "  app@1.0/appxxxx  {name}  unknown Spack",
    "Audited 2 packages under 1 root; read 2.0 kB of layers in 3 requests (1 whole, 1 from the end).",
  ]);
  expect(status).toBe(0);
  expect(json).toMatchObject({
    roots: [{ root: "/opt/spack", unpaddedRoot: "/opt/spack", paddedLength: null, packages: 2 }],
    packages: [
      {
        tag: tagOf("zlib"),
        ...named("zlib"),
        prefix: "/opt/spack/zlib",
        root: "/opt/spack",
        paddedLength: null,
        projection: "{name}",
        rootFrom: "binary_distribution",
        spackVersion: "1.2.0.dev0 (abc)",
        read: { way: "ends", requests: 2, bytes: 1500 },
      },
      { spackVersion: null },
    ],
    layers: { requests: 3, bytes: 2000 },
  });
});

it("names every way of reading", () => {
  const ways = (["start", "stream", "kept"] as const).map((way) => audited(way, { way }));
  expect(renderAudit(result(ways)).lines.at(-1)).toContain("(1 from the start, 1 streamed, 1 cached)");
});

it("is empty for an empty buildcache", () => {
  expect(renderAudit(result([], { roots: [] })).lines).toEqual([
    "Audited 0 packages under 0 roots; read 0 B of layers in 0 requests.",
  ]);
});

it("warns of incompatible roots, without failing", () => {
  const finding = {
    kind: "mixed-roots",
    root: undefined,
    packages: 2,
    tags: [],
    what: "2 roots",
    hint: "Fix.",
  };
  const { json, lines, status } = renderAudit(
    result([], { findings: [finding as AuditResult["findings"][number]] }),
  );
  expect(lines).toContain("warning (mixed-roots): 2 roots");
  expect(lines).toContain("  Fix.");
  expect(json).toMatchObject({ findings: [finding] });
  expect(status).toBe(0);
});

it("fails for packages that could not be read", () => {
  const unread = [
    { tag: "t", what: "no answer", kind: "unreadable", severity: "unknown", hint: "Wait." },
  ] as const;
  const { lines, status } = renderAudit(result([], { unread }));
  expect(lines).toContain("unknown: t (unreadable): no answer");
  expect(status).toBe(6);
});

it("shows unknown places as null", () => {
  const { json } = renderAudit(result([audited("zlib", { place: undefined })], { roots: [] }));
  expect(json).toMatchObject({ packages: [{ prefix: null, root: null, projection: null, rootFrom: null }] });
});
