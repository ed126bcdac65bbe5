// A package relocated by a push has the same layer and image as one from a real store in that tree.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ImageLayout, pushBytes } from "@spack-oci/oci-client";
import { decompress, parseBuildInfo, readTar, type TarMember } from "@spack-oci/spack-tarball";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { extractSampleStore, extractSampleStoreAsBuilt } from "../../scripts/sample-store.mjs";
import { type CommandRun, spackOci } from "../support/command-line.js";
import { fixture } from "../support/fixtures.js";
import { configOf, imageOf, packageTagsOf } from "../support/images.js";
import { scratchDirectory } from "../support/scratch.js";
import { tagDigests } from "../support/tag-digests.js";

const LENGTH = 100;
const scratch = scratchDirectory("relocated");
// Short, because one package has the path of its sbang, which is not padded, in a program.
const home = mkdtempSync("/tmp/k");
afterAll(() => rmSync(home, { recursive: true, force: true }));
const canonical = `${home}/o`;
const tree = ["--relocate-to", canonical, "--padded-length", String(LENGTH)];
const SAMPLE = extractSampleStore();
/** Elsewhere, the sample store differs from the fixture in the parts of paths that some strings share. */
const isElsewhere = extractSampleStoreAsBuilt() === undefined;
if (isElsewhere)
  console.log(
    "skipped: comparing digests with Spack's, because /tmp/spackA is not the sample store of this user",
  );

const layout = (name: string) => new ImageLayout(join(scratch, name));
const mirror = (name: string) => `oci-layout:${join(scratch, name)}`;

function command(args: readonly string[], home = "home"): Promise<CommandRun> {
  mkdirSync(join(scratch, home), { recursive: true });
  const environment = { HOME: join(scratch, home), SOURCE_DATE_EPOCH: "1700000000" };
  return spackOci(args, { environment });
}

const push = (name: string, store: string, ...more: string[]) =>
  command(["push", mirror(name), "--store", store, "--update-index", ...more], `home-of-${name}`);

beforeAll(async () => {
  const original = `oci-layout:${fixture("oci-layout-main")}`;
  const pulled = await command(["pull", original, "--root", canonical, "--padded-length", String(LENGTH)]);
  expect(pulled).toMatchObject({ status: 0 });
  expect(await push("from-builder", SAMPLE, ...tree)).toMatchObject({ status: 0 });
  expect(await push("from-there", canonical, ...tree)).toMatchObject({ status: 0 });
  expect(await push("plain", canonical)).toMatchObject({ status: 0 });
}, 120_000);

describe("a push from elsewhere", () => {
  it.skipIf(isElsewhere)(
    "gives the same images as a push from a store in the tree, digest by digest",
    async () => {
      const [here, there] = [
        await tagDigests(mirror("from-builder")),
        await tagDigests(mirror("from-there")),
      ];
      expect(Object.keys(here)).toHaveLength(20);
      expect(here).toEqual(there);
    },
  );

  it.skipIf(isElsewhere)(
    "gives the same members as Spack would, apart from records of the machine",
    async () => {
      for (const tag of await packageTagsOf(layout("plain"))) {
        const [ours, plain] = [await membersOf("from-builder", tag), await membersOf("plain", tag)];
        const [infoName = ""] = [...ours.keys()].slice(-1);
        const noted = /\.spack\/(install_times\.json|install_manifest\.json|binary_distribution)$/;
        const comparable = (members: Members) =>
          [...members].map(([name, { header, sha1 }]) =>
            noted.test(name) ? { ...header, size: 0 } : { ...header, sha1 },
          );
        expect(comparable(ours)).toEqual(comparable(plain));
        const infoOf = (members: Members) => parseBuildInfo(members.get(infoName)?.content ?? "");
        expect({ ...infoOf(ours), spackPrefix: undefined }).toEqual({
          ...infoOf(plain),
          spackPrefix: undefined,
        });
      }
    },
  );

  it("describes the layer's own files in the install manifest", async () => {
    const [tag = ""] = (await packageTagsOf(layout("from-builder"))).filter((each) =>
      each.startsWith("margo-lite"),
    );
    const members = await membersOf("from-builder", tag);
    const prefix = [...members.keys()].at(-1)?.replace("/.spack/binary_distribution", "") ?? "";
    const text = members.get(`${prefix}/.spack/install_manifest.json`)?.content ?? "";
    const manifest = JSON.parse(text) as Record<string, Record<string, unknown>>;
    const expected = new Map<string, object>();
    for (const [member, { header, sha1 }] of members) {
      const name = member.replace(/\/$/, "");
      if (!`${name}/`.startsWith(`${prefix}/`)) continue;
      if (/\/(install_times\.json|install_manifest\.json|binary_distribution)$/.test(name)) continue;
      const kind = { directory: 0o42000, file: 0o100000, symlink: 0o120777, hardlink: 0o100000, other: 0 }[
        header.type
      ];
      const owner = { mode: header.type === "symlink" ? kind : kind | header.mode, owner: 0, group: 0 };
      if (header.type === "file")
        expected.set(`/${name}`, { ...owner, hash: sha1, time: 0, size: header.size });
      else if (header.type === "symlink") expected.set(`/${name}`, { ...owner, dest: header.linkName });
      else if (header.type === "directory") expected.set(`/${name}`, owner);
    }
    expect(expected.size).toBeGreaterThan(20);
    expect(manifest).toMatchObject(Object.fromEntries(expected));
    expect(Object.keys(manifest).every((name) => `${name}/`.startsWith(`/${prefix}/`))).toBe(true);
  });

  it("gives environments in the install tree, from directories that are elsewhere", async () => {
    const tags = await packageTagsOf(layout("from-builder"));
    for (const tag of tags) {
      const { Env = [] } = (await configOf(layout("from-builder"), tag))["config"] as { Env?: string[] };
      expect(Env.join()).not.toContain("spackA");
    }
    const [tag = ""] = tags.filter((each) => each.startsWith("margo-lite"));
    const config = (await configOf(layout("from-builder"), tag))["config"] as { Env: string[] };
    expect(config.Env.find((variable) => variable.startsWith("PATH="))).toContain(
      `${canonical}/__spack_path_`,
    );
  });

  it("does not change the store", async () => {
    const before = changeTimes(SAMPLE);
    expect(await push("once-more", SAMPLE, ...tree, "--force")).toMatchObject({ status: 0 });
    expect(changeTimes(SAMPLE)).toEqual(before);
    expect(before.length).toBeGreaterThan(500);
  }, 30_000);

  it("supports projections, but never the same prefix for two packages", async () => {
    const root = ["--relocate-to", "/opt/projected"];
    const flags = [...root, "--projection", "all={name}/{version}-{hash}"];
    expect(await push("projected", SAMPLE, ...flags, "json-c-lite")).toMatchObject({ status: 0 });
    const [tag = ""] = (await packageTagsOf(layout("projected"))).filter((each) => each.startsWith("json-c"));
    const names = [...(await membersOf("projected", tag)).keys()];
    expect(names.at(-1)).toMatch(/^opt\/projected\/json-c-lite\/0\.18-\w{32}\/\.spack\/binary_distribution$/);
    const clash = await push("clash", SAMPLE, ...root, "--projection", "all={name}");
    expect(clash).toMatchObject({ status: 2 });
    expect(clash.stderr).toMatch(
      /libfabric-lite@\S+ and libfabric-lite@\S+ would both be at \/opt\/projected\/libfabric-lite/,
    );
  });
});

describe("a buildcache with an install tree", () => {
  it.skipIf(isElsewhere)(
    "makes every push use it without being told",
    async () => {
      const before = await tagDigests(mirror("from-there"));
      const forced = await push("from-there", SAMPLE, "--force");
      expect(forced).toMatchObject({ status: 0 });
      expect(await tagDigests(mirror("from-there"))).toEqual(before);
      const report = (await push("from-there", SAMPLE, "--dry-run", "--json")).json<object>();
      expect(report).toMatchObject({
        installTree: { root: canonical, paddedLength: LENGTH },
        unrelocatable: [],
      });
    },
    30_000,
  );

  it("gets an index with the pushed packages even if not requested", async () => {
    const run = await command(
      ["push", mirror("unasked"), "--store", SAMPLE, ...tree, "json-c-lite"],
      "unasked",
    );
    expect(run).toMatchObject({ status: 0 });
    const listed = (await command(["list", mirror("unasked"), "--json"])).json<{ name: string }[]>();
    expect(listed.map(({ name }) => name)).toContain("json-c-lite");
  });

  it("rejects another tree before anything is sent", async () => {
    const before = await tagDigests(mirror("from-builder"));
    const run = await push("from-builder", SAMPLE, "--force", "--relocate-to", "/opt/spack");
    expect(run).toMatchObject({ status: 2 });
    expect(run.stderr).toContain(`existing:  --relocate-to ${canonical} --padded-length ${LENGTH}`);
    expect(run.stderr).toContain("requested: --relocate-to /opt/spack");
    expect(await tagDigests(mirror("from-builder"))).toEqual(before);
  });

  it("passes it on in a copy to a buildcache without an index", async () => {
    expect(await command(["copy", mirror("from-builder"), mirror("copied")])).toMatchObject({ status: 0 });
    const [from, to] = [layout("from-builder"), layout("copied")];
    expect(await to.resolve("index.spack")).toEqual(await from.resolve("index.spack"));
    const report = (await push("copied", SAMPLE, "--dry-run", "--json")).json<object>();
    expect(report).toMatchObject({ installTree: { root: canonical, paddedLength: LENGTH } });
  });

  it("regains it from the user's configuration after an index was written without it", async () => {
    const target = layout("from-builder");
    const before = await target.resolve("index.spack");
    const { annotations = {}, ...bare } = await imageOf(target, "index.spack");
    expect(Object.keys(annotations)).toContain("dev.spack-oci.install-tree.root");
    const text = Buffer.from(JSON.stringify(bare));
    await pushBytes(target, text, { mediaType: bare.mediaType ?? "", tag: "index.spack" });
    expect(await target.resolve("index.spack")).not.toEqual(before);
    const conflict = await push("from-builder", SAMPLE, "--relocate-to", "/opt/spack");
    expect(conflict).toMatchObject({ status: 2 });
    expect(conflict.stderr).toContain("mirrors.json");
    expect(await push("from-builder", SAMPLE)).toMatchObject({ status: 0 });
    expect(await target.resolve("index.spack")).toEqual(before);
  });

  it.each([
    [["--padded-length", "64"], "--relocate-to ROOT"],
    [["--relocate-to", "opt/spack"], "absolute path"],
    [["--relocate-to", `/${"a".repeat(140)}`], "sbang"],
  ])("is not made of %j", async (flags, said) => {
    const run = await push("never", SAMPLE, ...flags);
    expect(run).toMatchObject({ status: said === "sbang" ? 1 : 2 });
    expect(run.stderr).toContain(said);
    expect(() => readdirSync(join(scratch, "never"))).toThrow();
  });
});

type Members = Awaited<ReturnType<typeof membersOf>>;

async function membersOf(name: string, tag: string) {
  const target = layout(name);
  const layer = (await imageOf(target, tag)).layers.at(-1);
  if (layer === undefined) throw new Error(`${tag} has no layers`);
  const members = new Map<string, { header: TarMember["header"]; content: string; sha1: string }>();
  for await (const member of readTar(decompress(await target.fetch(layer)))) {
    const bytes = await member.bytes();
    const { name } = member.header;
    members.set(name, {
      header: member.header,
      content: name.includes("/.spack/") ? bytes.toString() : "",
      sha1: base32(createHash("sha1").update(bytes).digest()),
    });
  }
  return members;
}

function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return (bits.match(/.{5}/g) ?? [])
    .map((five) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[Number.parseInt(five, 2)])
    .join("");
}

/** Paths with the times of their last change. */
function changeTimes(directory: string): string[] {
  const { stdout } = spawnSync("find", [directory, "-printf", "%p %c\\n"], { encoding: "latin1" });
  return stdout.split("\n").sort();
}
