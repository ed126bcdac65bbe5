// Options and results of spack-oci pull.

import type { PullResult } from "@spack-oci/buildcache";
import { SpackOciError } from "@spack-oci/errors";
import { expect, it } from "vitest";
import { pullCommand, renderPull } from "../../src/commands/pull.js";
import { done, FAILURE_JSON, failed, named, node, skipped, tagOf } from "../support/packages.js";
import { flagsOf, parse } from "../support/parse.js";
import { BY_POLICY, VERIFY_FLAGS } from "../support/signature-options.js";

const item = (name: string) => ({
  node: node(name),
  tag: tagOf(name),
  prefix: `/opt/${name}`,
  explicit: true,
  reinstall: false,
});

function result(
  packages: PullResult["packages"],
  plan: Partial<PullResult["plan"]> = {},
  views: PullResult["views"] = [],
): PullResult {
  const whole = { todo: [item("zlib"), item("app")], present: [], externals: [], missing: [], ...plan };
  return { plan: whole, roots: [], packages, available: 20, moduleFiles: [], views };
}

it("has these options, in this order", () => {
  expect(flagsOf(pullCommand)).toEqual([
    "--root <dir>",
    "--padded-length <n>",
    "--projection <spec=format>",
    "--all",
    "-a, --allarch",
    "-o, --otherarch",
    "-f, --force",
    "--view <dir>",
    "--link <type>",
    "--env-script <file>",
    ...VERIFY_FLAGS,
    "--dry-run",
  ]);
});

it("has defaults and takes values", async () => {
  expect(await parse(pullCommand, "m")).toEqual({
    mirror: "m",
    specs: [],
    root: undefined,
    paddedLength: undefined,
    projections: undefined,
    all: false,
    allarch: false,
    otherarch: false,
    force: false,
    view: undefined,
    link: undefined,
    envScript: undefined,
    ...BY_POLICY,
    dryRun: false,
  });
  const tree = ["--root", "/opt", "--padded-length", "0", "--projection", "a=b", "--projection", "a=c=d"];
  expect(await parse(pullCommand, "m", "zlib", "-f", "--dry-run", ...tree)).toEqual({
    mirror: "m",
    specs: ["zlib"],
    all: false,
    allarch: false,
    otherarch: false,
    root: "/opt",
    paddedLength: 0,
    projections: new Map([["a", "c=d"]]),
    force: true,
    ...BY_POLICY,
    dryRun: true,
  });
});

it("rejects lengths that are not numbers", async () => {
  for (const length of ["x", "1.5", "4097"])
    await expect(parse(pullCommand, "m", "--padded-length", length)).rejects.toThrow("from 0 to 4096");
});

it("lists the prefixes of pulled packages", () => {
  const { json, lines, status } = renderPull(
    result([done("zlib"), done("app", 5)], { present: [item("old")] }),
    { specs: [] },
    false,
  );
  expect(lines).toEqual(["[+] /opt/zlib", "[+] /opt/app", "Pulled 2 of 2 packages; 1 already present."]);
  expect(status).toBe(0);
  expect(json).toEqual({
    planned: ["zlib", "app"].map((name) => ({ ...named(name), prefix: `/opt/${name}` })),
    pulled: [
      { ...named("zlib"), prefix: "/opt/zlib", bytes: 1000 },
      { ...named("app"), prefix: "/opt/app", bytes: 5 },
    ],
    present: [{ ...named("old"), prefix: "/opt/old" }],
    moduleFiles: [],
    failed: [],
    skipped: [],
    views: [],
  });
});

it("shows what became of views", () => {
  const error = new SpackOciError("ERR_VIEW_CONFLICT", "Cannot merge packages.", { kind: "conflict" });
  const views = [
    { name: "a", root: "/v/a", outcome: "unchanged", packages: 2 },
    { name: "b", root: "/v/b", outcome: "updated", packages: 2, conflicts: 0 },
    { name: "c", root: "/v/c", outcome: "updated", packages: 1, conflicts: 3 },
    { name: "d", root: "/v/d", outcome: "made-by-spack", packages: 4 },
    { name: "e", root: "/v/e", outcome: "failed", error },
  ] as const;
  const { json, lines, status } = renderPull(
    result([done("zlib"), done("app")], {}, views),
    { specs: ["zlib"] },
    false,
  );
  expect(lines.slice(3)).toEqual([
    "Updated the view /v/b (2 packages).",
    "Updated the view /v/c (1 package; 3 files hidden by others).",
    "Had Spack update the view /v/d (4 packages).",
    "Could not update the view /v/e.",
  ]);
  expect(status).toBe(1);
  expect(json).toMatchObject({
    failed: [],
    views: [
      ...views.slice(0, 4),
      { name: "e", root: "/v/e", outcome: "failed", error: { code: "ERR_VIEW_CONFLICT" } },
    ],
  });
  expect(renderPull(result([done("zlib")], {}, views.slice(0, 4)), { specs: [] }, false).status).toBe(0);
});

it("lists module files", () => {
  const file = { package: named("zlib"), set: "default", system: "tcl", path: "/modules/zlib/1" } as const;
  const { json, lines } = renderPull(
    { ...result([done("zlib")]), moduleFiles: [file] },
    { specs: [] },
    false,
  );
  expect(json).toMatchObject({
    moduleFiles: [{ ...named("zlib"), set: "default", path: "/modules/zlib/1" }],
  });
  expect(lines).toContain("Wrote 1 module file.");
});

it("keeps padding in prefixes, which users copy", () => {
  expect(renderPull(result([done("zlib")]), { specs: [] }, false).shortensPadding).toBeUndefined();
});

it("counts packages that another process installed as present", () => {
  const packages = [done("zlib"), { package: named("app"), outcome: "present" }] as const;
  expect(renderPull(result(packages), { specs: [] }, false).lines.at(-1)).toBe(
    "Pulled 1 of 2 packages; 1 already present.",
  );
});

it("counts packages that the buildcache lacks", () => {
  const packages = [done("zlib"), done("app"), failed("gone", "not-found")];
  const { lines, status } = renderPull(result(packages, { missing: [item("gone")] }), { specs: [] }, false);
  expect(lines.at(-1)).toBe("Pulled 2 of 3 packages; 0 already present; 1 failed.");
  expect(status).toBe(3);
});

it("has the status of its failures", () => {
  const { json, lines, status } = renderPull(
    result([failed("zlib"), skipped("app", "zlib")]),
    { specs: [] },
    false,
  );
  expect(lines).toEqual([
    "Failed: zlib@1.0/zlibxxx: no access",
    "Skipped, because their dependencies failed: app@1.0/appxxxx.",
    "Pulled 0 of 2 packages; 0 already present; 1 failed, 1 skipped.",
  ]);
  expect(status).toBe(4);
  expect(json).toMatchObject({
    failed: [{ ...named("zlib"), error: FAILURE_JSON }],
    skipped: [{ ...named("app"), because: named("zlib") }],
  });
  expect(renderPull(result([failed("zlib"), failed("app", "corrupt")]), { specs: [] }, false).status).toBe(1);
});

it("shows a plan, with what is missing from the buildcache", () => {
  const { lines, status } = renderPull(result([failed("gone", "not-found")]), { specs: [] }, true);
  expect(lines).toEqual([
    `would pull ${tagOf("zlib")} to /opt/zlib`,
    `would pull ${tagOf("app")} to /opt/app`,
    "no access",
  ]);
  expect(status).toBe(3);
});
