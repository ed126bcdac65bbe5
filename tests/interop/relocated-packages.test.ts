// To Spack and in containers, packages relocated by a push equal packages from a real store at that place.

import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { type BuiltStore, buildStore, compiler, tellerSays } from "../support/built-store.js";
import { spackOci } from "../support/command-line.js";
import { scratchDirectory } from "../support/scratch.js";
import { BUILD_INFO, describeStore, INSTALL_MANIFEST, INSTALL_TIMES } from "./support/describe-store.js";
import { makeLoaderImage } from "./support/loader-image.js";
import { shortRoot } from "./support/short-root.js";
import { describeWithSpack, SAMPLE_PADDING, Spack } from "./support/spack.js";
import { copySamplesTo, startTlsRegistry, type TlsRegistry } from "./support/tls-registry.js";
import { describeWithTools, output } from "./support/tool.js";

describeWithSpack("Spack, with a buildcache of relocated packages", () => {
  // As long as the builder's root, so that the padding, and strings that end with the root, end alike.
  const treeRoot = `${shortRoot()}p`;
  const padding = ["--padded-length", String(SAMPLE_PADDING)];
  let registry: TlsRegistry;

  const spackAt = (repository: string, root: string, paddedLength = 0) =>
    Spack.create({
      root,
      paddedLength,
      mirror: registry.location(repository),
      authority: registry.authority,
    });
  const installedAt = async (repository: string, root: string, paddedLength = 0) => {
    const spack = await spackAt(repository, root, paddedLength);
    await spack.do("-e", spack.environment, "install", "--cache-only");
    return spack;
  };

  beforeAll(async () => {
    registry = await startTlsRegistry();
    const push = ["push", registry.location("relocated"), "--store", extractSampleStore(), "--update-index"];
    const environment = { HOME: scratchDirectory("home"), SSL_CERT_FILE: registry.authority };
    const run = await spackOci([...push, "--relocate-to", treeRoot, ...padding], { environment });
    expect(run).toMatchObject({ status: 0 });
    await copySamplesTo(registry, "theirs");
  });
  afterAll(() => registry.stop());

  it("lists them, and ignores the additional annotations of the index", async () => {
    const spack = await spackAt("relocated", shortRoot());
    const listed = (await spack.do("buildcache", "list", "-a", "-L")).match(/^[a-z2-7]{32}(?= )/gm);
    expect(listed).toHaveLength(22);
  });

  it("installs the same tree as from the builder's own push", async () => {
    const root = shortRoot();
    const without = [INSTALL_TIMES, BUILD_INFO, INSTALL_MANIFEST];
    await installedAt("theirs", root);
    const expected = describeStore(root, without);
    rmSync(root, { recursive: true });
    await installedAt("relocated", root);
    expect(Object.keys(expected)).toHaveLength(18);
    expect(describeStore(root, without)).toEqual(expected);
  });

  it("verifies packages in the buildcache's install tree, apart from what it adds itself", async () => {
    const spack = await installedAt("relocated", treeRoot, SAMPLE_PADDING);
    const { stdout } = await spack.run("verify", "manifest", "-a", "-j");
    const changed = [...stdout.matchAll(/"(\/[^"]+)": ?\[([^\]]*)\]/g)].map(
      ([, path = "", what]) => `${path.split("/.spack/")[1] ?? path}: ${what}`,
    );
    expect([...new Set(changed)]).toEqual(['binary_distribution: "added"']);
  });
});

describe.skipIf(compiler === undefined)("the image of all layers of a buildcache", () => {
  describeWithTools("umoci")("with umoci", () => {
    const scratch = scratchDirectory("relocated-image");
    const prefix = "/opt/spack";
    const mirror = `${scratch}/mirror`;
    let long: BuiltStore;

    const command = (...args: string[]) =>
      spackOci(args, { environment: { HOME: scratchDirectory("home") } });

    beforeAll(async () => {
      await makeLoaderImage(join(scratch, "base"));
      long = await buildStore(shortRoot(), 160);
      const between = `oci-layout:${scratch}/between`;
      const padded = shortRoot();
      expect(await command("push", between, "--store", long.root)).toMatchObject({ status: 0 });
      const pull = await command("pull", between, "--root", padded, "--padded-length", "128");
      expect(pull).toMatchObject({ status: 0 });
      // Some come from one root and some from another, whose run paths had to grow.
      const short = await buildStore(shortRoot());
      const push = (root: string, ...more: string[]) =>
        command("push", `oci-layout:${mirror}`, "--store", root, "--update-index", ...more);
      const tree = ["--relocate-to", prefix, "--padded-length", "96"];
      expect(await push(short.root, ...tree)).toMatchObject({ status: 1 });
      expect(await push(padded, "paths", "--only", "package")).toMatchObject({ status: 0 });
      const base = ["--base-image", `oci-layout:${scratch}/base:latest`, "--tag", "all"];
      expect(await push(long.root, ...base)).toMatchObject({ status: 0 });
    });

    it.skipIf(process.getuid?.() !== 0)("runs, wherever its packages were built", async () => {
      const bundle = join(scratch, "bundle");
      await output("umoci", "unpack", "--image", `${mirror}:all`, bundle);
      const text = readFileSync(join(bundle, "config.json"), "utf8");
      const { process: run } = JSON.parse(text) as { process: { env: string[] } };
      const said = (program: string) =>
        output("env", "-i", ...run.env, "/usr/sbin/chroot", join(bundle, "rootfs"), program);
      const [path = ""] = /(?<=PATH=)[^:]*(?=\/linux-x86_64\/)/.exec(run.env.join(":")) ?? [];
      expect(path).toHaveLength(96);
      expect(path.startsWith(`${prefix}/`)).toBe(true);
      const prefixOf = (name: string) => long.prefixOf(name).replace(/.*(?=\/linux-)/, path);
      expect((await said("teller")).replaceAll(/\/{2,}/g, "/")).toBe(tellerSays(prefixOf));
      expect(await said("counter")).toBe("42\n");
    });
  });
});
