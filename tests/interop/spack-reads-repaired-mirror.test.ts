// Spack indexes, lists and installs repaired packages, and ignores the images that were replaced.

import { rmSync } from "node:fs";
import { createRegistryClient, ImageLayout, openTarget } from "@spack-oci/oci-client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { copyTarget } from "../support/copy-target.js";
import { fixture } from "../support/fixtures.js";
import { tagsOf } from "../support/images.js";
import { BUILD_INFO, describeStore, INSTALL_MANIFEST, INSTALL_TIMES } from "./support/describe-store.js";
import { shortRoot } from "./support/short-root.js";
import { describeWithSpack, Spack } from "./support/spack.js";
import { startTlsRegistry, type TlsRegistry } from "./support/tls-registry.js";

describeWithSpack("Spack, with a repaired buildcache", () => {
  const root = shortRoot();
  let registry: TlsRegistry;
  let spack: Spack;

  beforeAll(async () => {
    registry = await startTlsRegistry();
    await copyTarget(new ImageLayout(fixture("oci-layout-main")), open());
    spack = await Spack.create({
      root,
      mirror: registry.location("mirror"),
      authority: registry.authority,
    });
  });
  afterAll(() => registry.stop());

  function open() {
    const client = createRegistryClient({ tls: () => ({ caFiles: [registry.authority] }) });
    return openTarget(registry.location("mirror"), { client });
  }

  /** What Spack installs, without what depends on the Spack and the build. */
  async function install() {
    await spack.do("-e", spack.environment, "install", "--cache-only");
    const found = describeStore(root, [INSTALL_TIMES, INSTALL_MANIFEST, BUILD_INFO]);
    rmSync(root, { recursive: true });
    return Object.fromEntries(
      Object.entries(found).map(([prefix, { entries }]) => {
        // Strings in binaries that were shortened twice are padded differently from those shortened once.
        const hasStrings = /tricky-lite|margo-lite/.test(prefix);
        return [
          prefix,
          Object.entries(entries).map(([path, entry]) => [path, hasStrings ? entry.size : entry]),
        ];
      }),
    );
  }

  it("installs the same packages as before, from an index that it wrote itself", async () => {
    const expected = await install();
    // As long as the original root: one package has the path of its sbang in a program.
    const repair = ["repair", "mochi", "--relocate-to", "/srv/canonicals", "--padded-length", "64"];
    expect(await spack.ours(...repair)).toMatchObject({ status: 0 });
    expect((await tagsOf(open())).filter((tag) => tag.endsWith(".orig"))).toHaveLength(20);

    await spack.do("buildcache", "update-index", "mochi");
    const listed = (await spack.do("buildcache", "list", "-a", "-L")).match(/^[a-z2-7]{32}(?= )/gm);
    // Two of them are externals.
    expect(new Set(listed).size).toBe(22);
    expect(listed).toHaveLength(22);
    expect(await install()).toEqual(expected);
  });
});
