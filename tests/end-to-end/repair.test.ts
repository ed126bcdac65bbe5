// Repairs move packages to the install tree of their buildcache, with the same results as pushes, complete or with a
// report of what does not fit, and without losing anything.

import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ImageLayout } from "@spack-oci/oci-client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { extractSampleStore, extractSampleStoreAsBuilt } from "../../scripts/sample-store.mjs";
import { type CommandRun, spackOci } from "../support/command-line.js";
import { fixture } from "../support/fixtures.js";
import { configOf, imageOf, packageTagsOf } from "../support/images.js";
import {
  manifestIn,
  ownLayerIn,
  packageTagsIn,
  startMirror,
  type TestMirror,
  tagIn,
} from "../support/mirror.js";
import { describeStore } from "../support/store-tree.js";

interface RepairJson {
  readonly planned: readonly { tag: string; from: string | null; to: string; isAstray: boolean }[];
  readonly right: readonly { tag: string }[];
  readonly repaired: readonly { tag: string; before: string; after: string; original: string | null }[];
  readonly unrelocatable: readonly { name: string; problems: readonly { file: string; found: string }[] }[];
  readonly failed: readonly { name: string; error: { code: string } }[];
  readonly skipped: readonly { name: string }[];
  readonly unread: readonly { tag: string }[];
}

const PACKAGES = 20;
/** The root in which the fixture was built. */
const BUILT_AT = "/tmp/spackA/opt";
const TO = ["--relocate-to", "/o/spack", "--padded-length", "64"];

const isElsewhere = extractSampleStoreAsBuilt() === undefined;
if (isElsewhere)
  console.log(
    "skipped: comparing digests with Spack's, because /tmp/spackA is not the sample store of this user",
  );

let home: string;
let mirror: TestMirror;
beforeEach(async () => {
  home = mkdtempSync("/tmp/p");
  mirror = await startMirror();
});
afterEach(async () => {
  await mirror.registry.close();
  rmSync(home, { recursive: true, force: true });
});

function run(...args: string[]): Promise<CommandRun> {
  mirror.registry.requests.length = 0;
  return spackOci(args, { environment: { HOME: home, SPACK_OCI_CACHE: join(home, "cache") } });
}

const repair = (...args: string[]) => run("repair", mirror.mirror, ...args);

/** Each package's own layer, by tag. */
function layers(repository = mirror.repository): Record<string, string> {
  return Object.fromEntries(packageTagsIn(repository).map((tag) => [tag, ownLayerIn(repository, tag)]));
}

function tags(): Record<string, string> {
  return Object.fromEntries(mirror.repository.tags);
}

function writes(): number {
  return mirror.registry.requests.filter(({ method }) => method !== "GET" && method !== "HEAD").length;
}

describe("a buildcache that was built elsewhere", () => {
  it.skipIf(isElsewhere)("gets the same layers as from a push to its install tree", async () => {
    expect(await repair(...TO)).toMatchObject({ status: 0 });
    const pushed = mirror.registry.storage.repository("pushed");
    const to = mirror.registry.location("pushed");
    const push = ["push", to, "--store", extractSampleStore(), ...TO];
    expect(await spackOci(push, { environment: { HOME: home } })).toMatchObject({ status: 0 });
    expect(layers()).toEqual(layers(pushed));
    for (const tag of packageTagsIn(pushed)) {
      const layersOf = (image: ReturnType<typeof manifestIn>) => image.layers.map(({ digest }) => digest);
      expect(layersOf(manifestIn(mirror.repository, tag))).toEqual(layersOf(manifestIn(pushed, tag)));
    }
  });

  it("keeps old images under tags that are not package tags, and needs no second repair", async () => {
    const before = tags();
    const { repaired } = (await repair(...TO, "--json")).json<RepairJson>();
    expect(repaired).toHaveLength(PACKAGES);
    for (const { tag, original, ...digests } of repaired) {
      expect(original).toBe(tag.replace(/\.spack$/, ".orig"));
      expect(tags()[original ?? ""]).toBe(before[tag]);
      expect(digests).toEqual({ before: before[tag], after: tags()[tag] });
      expect(digests.after).not.toBe(digests.before);
    }
    expect(await run("check", "--deep", mirror.mirror)).toMatchObject({ status: 0 });
    expect((await run("list", mirror.mirror, "--json")).json<unknown[]>()).toHaveLength(PACKAGES);
    const audit = (await run("audit", mirror.mirror, "--json")).json<{ roots: unknown; findings: unknown }>();
    expect(audit).toMatchObject({ roots: [{ paddedLength: 64, packages: PACKAGES }], findings: [] });

    const after = tags();
    const again = (await repair("--json")).json<RepairJson>();
    expect(again).toMatchObject({ planned: [], repaired: [] });
    expect(again.right).toHaveLength(PACKAGES);
    expect(writes()).toBe(0);
    expect(tags()).toEqual(after);
  });

  it("keeps the first originals after another repair to a different tree", async () => {
    const tag = tagIn(mirror.repository, "json-c-lite");
    const original = tag.replace(".spack", ".orig");
    const before = tags();
    await repair(...TO, "json-c-lite");
    const between = tags()[tag];
    // As if the buildcache never had an install tree.
    mirror.repository.tags.delete("index.spack");
    rmSync(join(home, ".config"), { recursive: true });
    expect(await repair("--relocate-to", "/e", "json-c-lite")).toMatchObject({ status: 0 });
    expect(tags()[original]).toBe(before[tag]);
    expect([before[tag], between]).not.toContain(tags()[tag]);
  });

  it("keeps no originals on request", async () => {
    await repair(...TO, "--originals", "drop", "json-c-lite");
    expect(Object.keys(tags()).filter((tag) => tag.endsWith(".orig"))).toEqual([]);
  });

  it("has the new paths in the environments of its images, and nothing else changes", async () => {
    const layout = join(home, "layout");
    cpSync(fixture("oci-layout-with-base"), layout, { recursive: true });
    const [old, target] = [new ImageLayout(fixture("oci-layout-with-base")), new ImageLayout(layout)];
    expect(await run("repair", `oci-layout:${layout}`, ...TO)).toMatchObject({ status: 0 });
    const { store: root } = {
      store: (await run("audit", `oci-layout:${layout}`, "--json")).json<AuditJson>(),
    };
    const to = root.roots[0]?.root ?? "";
    const from = `${BUILT_AT}/${Array(4).fill("__spack_path_placeholder__").join("/")}/__sp`;
    for (const tag of await packageTagsOf(target)) {
      const [was, is] = [await configOf(old, tag), await configOf(target, tag)];
      const text = (value: unknown) => JSON.stringify(value).replaceAll(from, to);
      expect(JSON.stringify(is.config)).toBe(text(was.config));
      expect(is["spec"]).toEqual(was["spec"]);
      expect(Object.keys(is)).toEqual(Object.keys(was));
      const [before, after] = [await imageOf(old, tag), await imageOf(target, tag)];
      expect(after.annotations).toEqual(before.annotations);
      expect(after.layers[0]).toEqual(before.layers[0]);
      expect(after.layers).toHaveLength(before.layers.length);
      expect(is["archive_size"]).toBe(after.layers.at(-1)?.size);
    }
    expect(await run("check", "--deep", `oci-layout:${layout}`)).toMatchObject({ status: 0 });
  });

  it("gives the same installs as before", async () => {
    const install = async (name: string) => {
      const root = join(home, name);
      expect(await run("pull", mirror.mirror, "mochi-suite", "--root", root)).toMatchObject({ status: 0 });
      const store = describeStore(root);
      for (const { entries } of store.values()) {
        delete entries[".spack/binary_distribution"];
        // Strings in binaries that were shortened twice are padded differently from those shortened once.
        delete entries["bin/margo-info"];
      }
      rmSync(root, { recursive: true });
      return store;
    };
    const before = await install("o");
    expect(await repair(...TO)).toMatchObject({ status: 0 });
    expect(await install("o")).toEqual(before);
  });
});

interface AuditJson {
  readonly roots: readonly { readonly root: string }[];
}

describe("a limited repair", () => {
  it("can be a dry run, which scans packages and writes nothing", async () => {
    const before = tags();
    const dry = await repair(...TO, "--dry-run");
    expect(dry.status).toBe(0);
    expect(dry.stdout.match(/^would repair .* from .* to \/o\/spack\//gm)).toHaveLength(PACKAGES);
    expect(writes()).toBe(0);
    expect(tags()).toEqual(before);
  });

  it("covers the named packages and their run dependencies", async () => {
    const before = layers();
    const { planned } = (await repair(...TO, "json-c-lite", "--json")).json<RepairJson>();
    const changed = Object.entries(layers()).filter(([tag, layer]) => before[tag] !== layer);
    expect(changed.map(([tag]) => tag).sort()).toEqual(planned.map(({ tag }) => tag).sort());
    expect(planned.length).toBeLessThan(PACKAGES / 2);
    // The others are repaired on request.
    expect((await repair("--json")).json<RepairJson>().planned).toHaveLength(PACKAGES - planned.length);
  });

  it("is rejected if nothing may be replaced", async () => {
    const before = tags();
    const run = await repair(...TO, "--originals", "refuse");
    expect(run.status).toBe(1);
    expect(run.stderr).toContain("20 images of");
    expect([writes(), tags()]).toEqual([0, before]);
  });

  it("needs an install tree", async () => {
    const run = await repair();
    expect(run.status).toBe(2);
    expect(run.stderr).toContain("has no install tree");
  });
});

it("images follow their run dependencies, even if their own layers are right", async () => {
  await repair(...TO);
  const [library, program] = [
    tagIn(mirror.repository, "json-c-lite"),
    tagIn(mirror.repository, "mochi-suite"),
  ];
  const right = tags();
  // One package was pushed again, from the root in which it was built.
  mirror.repository.tags.set(library, right[library.replace(".spack", ".orig")] ?? "");
  const { planned } = (await repair("--json")).json<RepairJson>();
  expect(planned.filter(({ isAstray }) => isAstray).map(({ tag }) => tag)).toEqual([library]);
  expect(planned.map(({ tag }) => tag)).toContain(program);
  expect(ownLayerIn(mirror.repository, library)).toBe(
    manifestIn(mirror.repository, program).layers.find(({ digest }) => digest === layers()[library])?.digest,
  );
});

describe("what cannot be relocated", () => {
  // Longer than the root in which the fixture was built.
  const LONGER = ["--relocate-to", "/o/spack", "--padded-length", "160"];

  it("is in one report before anything is written, with its dependents", async () => {
    const before = layers();
    const dry = await repair(...LONGER, "--dry-run", "--json");
    expect(dry.status).toBe(1);
    const { unrelocatable } = dry.json<RepairJson>();
    expect(unrelocatable.length).toBeGreaterThan(0);
    expect(unrelocatable.every(({ problems }) => problems.length > 0)).toBe(true);
    expect([writes(), layers()]).toEqual([0, before]);

    const done = await repair(...LONGER, "--json");
    expect(done.status).toBe(1);
    const result = done.json<RepairJson>();
    expect(result.unrelocatable).toEqual(unrelocatable);
    expect(result.failed.map(({ name }) => name).sort()).toEqual(
      unrelocatable.map(({ name }) => name).sort(),
    );
    expect(result.failed.every(({ error }) => error.code === "ERR_RELOCATION_BLOCKED")).toBe(true);
    expect(result.repaired.length + result.failed.length + result.skipped.length).toBe(PACKAGES);
    expect(result.repaired.length).toBeGreaterThan(0);
    const changed = Object.entries(layers()).filter(([tag, layer]) => before[tag] !== layer);
    expect(changed.map(([tag]) => tag).sort()).toEqual(result.repaired.map(({ tag }) => tag).sort());
  });
});

describe("a repair that fails in part", () => {
  it("skips unreadable packages, and repairs the rest", async () => {
    const lost = tagIn(mirror.repository, "tricky-names");
    const digest = ownLayerIn(mirror.repository, lost);
    const bytes = mirror.repository.blobs.get(digest) ?? Buffer.alloc(0);
    mirror.repository.blobs.delete(digest);
    const first = await repair(...TO, "--json");
    expect(first.status).toBe(5);
    expect(first.json<RepairJson>().unread).toMatchObject([{ tag: lost }]);
    expect(first.json<RepairJson>().repaired).toHaveLength(PACKAGES - 1);
    mirror.repository.blobs.set(digest, bytes);
    const second = await repair("--json");
    expect(second.status).toBe(0);
    expect(second.json<RepairJson>().repaired.map(({ tag }) => tag)).toEqual([lost]);
  });

  it("leaves tags alone if their images could not be built", async () => {
    const tag = tagIn(mirror.repository, "tricky-names");
    mirror.registry.fault({ method: "PUT", path: new RegExp(`manifests/${tag}`), status: 403, times: 9 });
    const before = tags()[tag];
    const { status, stdout } = await repair(...TO, "--json");
    expect(status).toBe(4);
    expect((JSON.parse(stdout) as RepairJson).failed).toMatchObject([{ name: "tricky-names" }]);
    expect(tags()[tag]).toBe(before);
    mirror.registry.reset();
    expect(await repair()).toMatchObject({ status: 0 });
    expect(tags()[tag]).not.toBe(before);
  });
});
