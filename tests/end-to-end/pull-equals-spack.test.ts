// A pull installs the same as Spack's own install from the same buildcache, entry by entry.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createRegistryClient, ImageLayout, openTarget } from "@spack-oci/oci-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { spackOci } from "../support/command-line.js";
import { copyTarget } from "../support/copy-target.js";
import { describePrefix } from "../support/describe-prefix.js";
import { fixture, type Oracle, readJson } from "../support/fixtures.js";
import { registries } from "../support/registries.js";

const oracle = readJson<Oracle>("expected-B.json");
const layout = `oci-layout:${fixture("oci-layout-main")}`;

/** The oracle's paths are absolute, so only the same root can be compared with it. */
const home = dirname(oracle.root);
const marker = join(home, ".spack-oci-test");

/** Rewritten by every install: times and durations. */
const VOLATILE = ".spack/install_times.json";
/** Rewritten for the new prefix here; Spack keeps the builder's, which is useless there. */
const REWRITTEN = ".spack/install_manifest.json";

function clear(): void {
  if (existsSync(home) && !existsSync(marker)) throw new Error(`${home} is not the tests' own; move it away`);
  rmSync(home, { recursive: true, force: true });
}

beforeAll(() => {
  clear();
  mkdirSync(home);
  writeFileSync(marker, "");
});
afterAll(clear);

const mirrors: [name: string, open: () => Promise<{ mirror: string; close: () => Promise<void> }>][] = [
  ["an image layout", async () => ({ mirror: layout, close: async () => {} })],
  ...registries.map(([name, start]): (typeof mirrors)[number] => [
    name,
    async () => {
      const registry = await start();
      const mirror = registry.location("mochi-hpc/buildcache");
      await copyTarget(
        new ImageLayout(fixture("oci-layout-main")),
        openTarget(mirror, { client: createRegistryClient() }),
      );
      return { mirror, close: () => registry.stop() };
    },
  ]),
];

describe.sequential.each(mirrors)("pull from %s", (_name, open) => {
  beforeAll(async () => {
    rmSync(oracle.root, { recursive: true, force: true });
    const { mirror, close } = await open();
    try {
      const run = await spackOci(["pull", mirror, "--root", oracle.root]);
      expect(run.stderr).not.toContain("failed");
      expect(run.status).toBe(0);
    } finally {
      await close();
    }
  });

  it.each(Object.values(oracle.installs).map((install) => [`${install.name}@${install.version}`, install]))(
    "gives %s the same tree as Spack",
    (_package, install) => {
      const found = describePrefix(install.prefix);
      for (const file of [VOLATILE, REWRITTEN]) {
        expect(found.entries[file]).toMatchObject({ type: "file", mode: "0644" });
      }
      const comparable = (entries: object) =>
        Object.fromEntries(
          Object.entries(entries).filter(([name]) => name !== VOLATILE && name !== REWRITTEN),
        );
      expect(comparable(found.entries)).toEqual(comparable(install.entries));
      expect(found.hardlinks).toEqual(install.hardlinks.map((group) => [...group].sort()).sort());
    },
  );

  it("rewrites the install manifest for the new prefix", () => {
    for (const { prefix, entries } of Object.values(oracle.installs)) {
      const manifest = JSON.parse(readFileSync(join(prefix, REWRITTEN), "utf8")) as Record<string, object>;
      const expected = Object.keys(entries)
        .filter((name) => name !== VOLATILE && name !== REWRITTEN && !name.startsWith("latin1:"))
        .map((name) => (name === "." ? prefix : `${prefix}/${name}`));
      expect(Object.keys(manifest)).toEqual(expect.arrayContaining(expected));
    }
  });

  it("installs sbang in the unpadded root, with the same mode as Spack", () => {
    const sbang = describePrefix(dirname(oracle.sbang_install_path)).entries["sbang"];
    expect(sbang).toMatchObject({ type: "file", mode: "2755" });
  });

  it("leaves nothing but prefixes behind", () => {
    const [platform, ...others] = readdirSync(oracle.root).filter(
      (name) => ![".spack-db", "bin"].includes(name),
    );
    expect(others).toEqual([]);
    const prefixes = readdirSync(join(oracle.root, platform ?? ""));
    expect(prefixes).toHaveLength(20);
    expect(prefixes.filter((name) => name.startsWith("."))).toEqual([]);
  });

  it("writes the same database records as Spack", () => {
    type Database = { database: { version: string; installs: Record<string, Record<string, unknown>> } };
    const expected = readJson<Database>("expected-B.spack-db-index.json").database;
    const text = readFileSync(join(oracle.root, ".spack-db", "index.json"), "utf8");
    const found = (JSON.parse(text) as Database).database;
    expect(found.version).toBe(expected.version);
    for (const [hash, record] of Object.entries(expected.installs)) {
      // Times differ; explicit packages depend on the request, and build tools were pulled too here.
      const comparable = ({ installation_time, explicit, ...rest }: Record<string, unknown>) =>
        record["installed"] === true ? rest : { ...rest, installed: undefined };
      expect(comparable(found.installs[hash] ?? {})).toEqual(comparable(record));
    }
  });

  it.each([
    ["thallium-lite-0.14.0-2jgoj6ppsq6lzizkaswlttajqsu7olru/bin/thallium-info"],
    ["bedrock-lite-0.5.3-4yfxvlx3iagxoh2fus2ratdjk7snprft/bin/bedrock-run"],
    ["margo-lite-0.18.3-cd2e4nf3k3sw2czder5ycghwcpmmvl4k/bin/margo-info"],
    ["tricky-lite-2.1-tdmhhlyphyvbsftj3gqawtt4cr4zglyg/bin/runpath"],
  ])("runs %s, which prints its new paths", (program) => {
    const run = spawnSync(join(oracle.root, "linux-x86_64_v3", program), { encoding: "utf8" });
    expect(run).toMatchObject({ status: 0, stderr: "" });
    expect(run.stdout).toContain(oracle.root);
    expect(run.stdout).not.toContain("__spack_path_placeholder__");
  });

  it("runs a program whose interpreter is in its own prefix", () => {
    const program = "tricky-lite-2.1-tdmhhlyphyvbsftj3gqawtt4cr4zglyg/bin/own-interp";
    const run = spawnSync(join(oracle.root, "linux-x86_64_v3", program), { encoding: "utf8" });
    expect(run).toMatchObject({ status: 0, stdout: "hello\n", stderr: "" });
  });

  it("has nothing to do the second time", async () => {
    const run = await spackOci(["pull", layout, "--root", oracle.root, "--json"]);
    expect(run.json<{ present: unknown[]; pulled: unknown[] }>()).toMatchObject({ pulled: [] });
    expect(run.json<{ present: unknown[] }>().present).toHaveLength(20);
  });
});
