// Spack lists and installs what this project pushes, as if another Spack had pushed it.

import { mkdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRegistryClient, ImageLayout, openTarget } from "@spack-oci/oci-client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { spackOci } from "../support/command-line.js";
import { copyTarget } from "../support/copy-target.js";
import { fixture } from "../support/fixtures.js";
import { registries } from "../support/registries.js";
import { copyPackage } from "./support/copy-store.js";
import { BUILD_INFO, describeStore, INSTALL_TIMES } from "./support/describe-store.js";
import { shortRoot } from "./support/short-root.js";
import { describeWithSpack, SAMPLE_PADDING, Spack, specFile } from "./support/spack.js";
import { startTlsRegistry, type TlsRegistry, tlsProducts } from "./support/tls-registry.js";

describeWithSpack.each(tlsProducts)("Spack, with a buildcache pushed by this project on %s", (product) => {
  const root = shortRoot();
  let registry: TlsRegistry;
  let spack: Spack;

  const environment = () => ({ SSL_CERT_FILE: registry.authority });
  const spackFor = (repository: string, itsRoot = root) =>
    Spack.create({ root: itsRoot, mirror: registry.location(repository), authority: registry.authority });

  beforeAll(async () => {
    registry = await startTlsRegistry(product);
    const producer = await Spack.create({
      root: extractSampleStore(),
      paddedLength: SAMPLE_PADDING,
      mirror: registry.location("ours"),
      authority: registry.authority,
    });
    const push = ["-e", producer.environment, "push", "--unsigned", "--update-index", "mochi"];
    expect(await producer.ours(...push)).toMatchObject({ status: 0 });
    spack = await spackFor("ours");
  });
  afterAll(() => registry.stop());

  it("lists every package and external", async () => {
    const listed = (await spack.do("buildcache", "list", "-a", "-L")).match(/^[a-z2-7]{32}(?= )/gm);
    const installed = readFileSync(fixture("producer/spack-db-index.json"), "utf8").match(
      /"[a-z2-7]{32}"(?=: *\{"spec")/g,
    );
    expect(listed).toHaveLength(22);
    expect(listed?.sort()).toEqual(installed?.map((hash) => hash.slice(1, -1)).sort());
  });

  it("installs the same tree as from its own buildcache", async () => {
    const client = createRegistryClient({ tls: () => ({ caFiles: [registry.authority] }) });
    const theirs = openTarget(registry.location("theirs"), { client });
    await copyTarget(new ImageLayout(fixture("oci-layout-main")), theirs);
    const other = await spackFor("theirs");
    await other.do("-e", other.environment, "install", "--cache-only");
    const expected = describeStore(root, [INSTALL_TIMES, BUILD_INFO]);
    rmSync(root, { recursive: true });

    await spack.do("-e", spack.environment, "install", "--cache-only");
    const found = describeStore(root, [INSTALL_TIMES, BUILD_INFO]);
    expect(Object.keys(found)).toHaveLength(18);
    expect(found).toEqual(expected);
  });

  it("also installs from a mirror at oci+http://", async () => {
    const [[, start]] = registries as [(typeof registries)[number]];
    const plain = await start();
    try {
      const mirror = plain.location("a/b");
      const push = await spackOci(["push", mirror, "margo-lite", "--store", extractSampleStore()]);
      expect(push).toMatchObject({ status: 0 });
      const other = await Spack.create({ root: shortRoot(), mirror });
      await other.do("install", "--cache-only", specFile("margo-lite"));
      expect(await other.do("find", "--format", "{name}", "margo-lite")).toBe("margo-lite\n");
    } finally {
      await plain.stop();
    }
  });

  // Spack's own push writes some of these in a way that it cannot read back.
  const names = [
    ["a question mark", "?q"],
    ["a question mark and a space", "? q"],
    ["U+0085, which YAML folds to a space", "next\u0085line"],
    ["a colon and a space", "a: b"],
    ["a delete character", "a\u007fb"],
    ["a character outside the basic plane", "smile-\u{1f600}"],
    ["a noncharacter", "a\ufffeb"],
    ["a line feed", "a\nb"],
    ["a word that is not a string in YAML", "yes"],
    ["bytes that are not UTF-8", Buffer.from("bad-\xff\xf0", "latin1")],
  ] as const;

  it(`relocates files with unusual names: ${names.map(([what]) => what).join("; ")}`, async () => {
    const prefix = await copyPackage("tricky-names", shortRoot());
    const below = (directory: string, name: string | Buffer) =>
      Buffer.concat([Buffer.from(`${directory}/more/`), Buffer.from(name), Buffer.from(".text")]);
    mkdirSync(join(prefix, "more"));
    for (const [what, name] of names) writeFileSync(below(prefix, name), `${what}: ${prefix}/more\n`);
    symlinkSync(`${prefix}/more`, join(prefix, "more", "?link"));

    const push = [
      "push",
      registry.location("names"),
      "tricky-names",
      "--store",
      prefix.replace(/\/linux.*/, ""),
    ];
    expect(await spackOci(push, { environment: environment() })).toMatchObject({ status: 0 });
    const newRoot = shortRoot();
    const other = await spackFor("names", newRoot);
    await other.do("install", "--cache-only", specFile("tricky-names"));

    const newPrefix = prefix.replace(/.*(?=\/linux-)/, newRoot);
    expect(newPrefix).not.toBe(prefix);
    for (const [what, name] of names) {
      expect(readFileSync(below(newPrefix, name), "utf8")).toBe(`${what}: ${newPrefix}/more\n`);
    }
    expect(readlinkSync(join(newPrefix, "more", "?link"))).toBe(`${newPrefix}/more`);
  });
});
