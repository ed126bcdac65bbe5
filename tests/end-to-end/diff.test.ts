// A comparison of two buildcaches on the command line: what is asked, what is said, and the exit status.
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

it("is 0 where a registry and a directory hold the same, for a request per tag", async () => {
  const run = await spackOci(["diff", mirror.mirror, layout]);
  expect(run).toMatchObject({ status: 0, stdout: "Tags in both: 21 identical, 0 different.\n" });
  expect(mirror.registry.count("HEAD", /manifests/)).toBe(packageTagsIn(mirror.repository).length + 1);
  expect(mirror.registry.requests).toHaveLength(packageTagsIn(mirror.repository).length + 1 + 3);
});

it("is 7 where they differ, and says in what", async () => {
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

it("is 6 where nothing is known to differ, and something could not be asked", async () => {
  const tag = tagIn(mirror.repository, "json-c-lite");
  mirror.registry.fault({ path: new RegExp(tag), status: 503, times: Number.POSITIVE_INFINITY });
  const run = await spackOci(["diff", mirror.mirror, layout, "--json"]);
  expect(run.status).toBe(6);
  expect(run.json()).toMatchObject({ unreadable: [{ tag, error: { kind: "unreachable" } }] });
});

it("fails as other commands do where there is no such buildcache", async () => {
  expect(await spackOci(["diff", mirror.registry.location("absent/cache"), layout])).toMatchObject({
    status: 3,
  });
});
