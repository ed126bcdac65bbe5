// Compares two buildcaches on the command line: requests, output, and exit status.

import { afterEach, beforeEach, expect, it } from "vitest";
import { spackOci } from "../support/command-line.js";
import { fixture } from "../support/fixtures.js";
import { packageTagsIn, startMirror, type TestMirror, tagIn } from "../support/mirror.js";

const layout = `oci-layout:${fixture("oci-layout-main")}`;
let mirror: TestMirror;
beforeEach(async () => {
  mirror = await startMirror();
});
afterEach(() => mirror.registry.close());

it("exits with 0 if a registry and a directory hold the same, with one request per tag", async () => {
  const run = await spackOci(["diff", mirror.mirror, layout]);
  expect(run).toMatchObject({ status: 0, stdout: "Tags in both: 21 identical, 0 different.\n" });
  expect(mirror.registry.count("HEAD", /manifests/)).toBe(packageTagsIn(mirror.repository).length + 1);
  expect(mirror.registry.requests).toHaveLength(packageTagsIn(mirror.repository).length + 1 + 3);
});

it("exits with 7 if they differ, and shows the differences", async () => {
  const tag = tagIn(mirror.repository, "tricky-names");
  mirror.repository.tags.delete(tag);
  const other = tagIn(mirror.repository, "json-c-lite");
  mirror.repository.tags.set(other, mirror.repository.tags.get(tagIn(mirror.repository, "margo-lite")) ?? "");
  const run = await spackOci(["diff", mirror.mirror, layout]);
  expect(run.status).toBe(7);
  expect(run.stdout).toContain(`only in ${layout}: ${tag}\n`);
  expect(run.stdout).toContain(`different (spec, layer, base, config): ${other}\n`);
  const json = await spackOci(["diff", mirror.mirror, layout, "--json"]);
  expect(json.json()).toMatchObject({
    onlyInA: [],
    onlyInB: [tag],
    different: [{ tag: other, parts: ["spec", "layer", "base", "config"] }],
    unreadable: [],
    index: { onlyInA: [], onlyInB: [], different: [] },
  });
});

it("exits with 6 without differences if something could not be compared", async () => {
  const tag = tagIn(mirror.repository, "json-c-lite");
  mirror.registry.fault({ path: new RegExp(tag), status: 503, times: Number.POSITIVE_INFINITY });
  const run = await spackOci(["diff", mirror.mirror, layout, "--json"]);
  expect(run.status).toBe(6);
  expect(run.json()).toMatchObject({ unreadable: [{ tag, error: { kind: "unreachable" } }] });
});

it("fails like other commands for a missing buildcache", async () => {
  expect(await spackOci(["diff", mirror.registry.location("absent/cache"), layout])).toMatchObject({
    status: 3,
  });
});
