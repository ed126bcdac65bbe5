// A root of an environment that is external is recorded as by Spack.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { fixture } from "../support/fixtures.js";
import { scratchDirectory } from "../support/scratch.js";
import { readRecords } from "./support/database.js";
import { shortRoot } from "./support/short-root.js";
import { describeWithSpack, Spack } from "./support/spack.js";
import { copySamplesTo, startTlsRegistry, type TlsRegistry } from "./support/tls-registry.js";

interface Lockfile {
  roots: { readonly hash: string; readonly spec: string }[];
  readonly concrete_specs: Readonly<Record<string, { readonly name: string; readonly external?: object }>>;
}

describeWithSpack("an environment with an external root", () => {
  const root = shortRoot();
  const scratch = scratchDirectory("external-roots");
  let registry: TlsRegistry;

  beforeAll(async () => {
    registry = await startTlsRegistry();
    await copySamplesTo(registry, "mochi");
  });
  afterAll(() => registry.stop());

  function environment(name: string, specs: readonly string[]): string {
    const directory = join(scratch, name);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, "spack.yaml"), `spack:\n  view: false\n  specs: [${specs.join(", ")}]\n`);
    const lockfile = JSON.parse(readFileSync(fixture("producer/spack.lock"), "utf8")) as Lockfile;
    const hashOf = (spec: string) =>
      Object.entries(lockfile.concrete_specs).find(([, node]) => node.name === spec)?.[0] ?? "";
    lockfile.roots = specs.map((spec) => ({ spec, hash: hashOf(spec) }));
    writeFileSync(join(directory, "spack.lock"), JSON.stringify(lockfile));
    return directory;
  }

  it.each([
    ["beside other roots", ["json-c-lite", "gcc"]],
    ["before other roots", ["glibc", "json-c-lite"]],
  ])("%s records the same as Spack", async (name, specs) => {
    const newSpack = () =>
      Spack.create({ root, mirror: registry.location("mochi"), authority: registry.authority });
    const directory = environment(name.replaceAll(" ", "-"), specs);
    await (await newSpack()).do("-e", directory, "install", "--cache-only");
    const expected = readRecords(root);
    rmSync(root, { recursive: true });
    expect(await (await newSpack()).ours("-e", directory, "pull", "mochi")).toMatchObject({ status: 0 });
    const found = readRecords(root);
    const explicit = Object.values(found).filter(({ explicit: is }) => is === true);
    expect(explicit.map(({ spec }) => spec.name).sort()).toEqual([...specs].sort());
    expect(found).toEqual(expected);
    rmSync(root, { recursive: true });
  });
});
