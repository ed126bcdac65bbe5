// Packages are copied between Spack's own mirrors and OCI buildcaches, and a real Spack installs them from either.

import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { spackOci } from "../support/command-line.js";
import { fixture } from "../support/fixtures.js";
import { listFiles } from "../support/list-files.js";
import { scratchDirectory } from "../support/scratch.js";
import { BUILD_INFO, describeStore, INSTALL_TIMES } from "./support/describe-store.js";
import { shortRoot } from "./support/short-root.js";
import { describeWithSpack, SAMPLE_PADDING, Spack } from "./support/spack.js";
import { startTlsRegistry, type TlsRegistry } from "./support/tls-registry.js";

interface Manifest {
  readonly data: readonly { readonly mediaType: string; readonly checksum: string }[];
}

describeWithSpack("Spack, with mirrors in directories", () => {
  const home = scratchDirectory("url-mirrors");
  const theirs = join(home, "theirs");
  const ours = join(home, "ours");
  const root = shortRoot();
  let registry: TlsRegistry;
  let expected: ReturnType<typeof describeStore>;

  const spackFor = (mirror: string) => Spack.create({ root, mirror, authority: registry.authority });
  const environment = () => ({ SSL_CERT_FILE: registry.authority, HOME: "/nonexistent" });

  async function install(spack: Spack): Promise<ReturnType<typeof describeStore>> {
    rmSync(root, { recursive: true, force: true });
    await spack.do("-e", spack.environment, "install", "--cache-only", "--no-check-signature");
    return describeStore(root, [INSTALL_TIMES, BUILD_INFO]);
  }

  beforeAll(async () => {
    registry = await startTlsRegistry();
    const producer = await Spack.create({
      root: extractSampleStore(),
      paddedLength: SAMPLE_PADDING,
      mirror: pathToFileURL(theirs).href,
    });
    const push = ["buildcache", "push", "--unsigned", "--update-index", "mochi"];
    await producer.do("-e", producer.environment, ...push);
    expected = await install(await spackFor(pathToFileURL(theirs).href));
    expect(Object.keys(expected)).toHaveLength(18);
  }, 200_000);
  afterAll(() => registry.stop());

  it("installs from a buildcache copied from its own mirror", async () => {
    const mirror = registry.location("from/url");
    const copy = await spackOci(["copy", theirs, mirror], {
      environment: environment(),
    });
    expect(copy).toMatchObject({ status: 0, stdout: expect.stringContaining("Copied 20 of 20 tags") });
    const spack = await spackFor(mirror);
    const listed = (await spack.do("buildcache", "list", "-a", "-L")).match(/^[a-z2-7]{32}(?= )/gm);
    expect(listed).toHaveLength(22);
    expect(await install(spack)).toEqual(expected);
  }, 200_000);

  it("installs from a mirror that was copied out of its own buildcache", async () => {
    const copy = await spackOci(["copy", `oci-layout:${fixture("oci-layout-main")}`, ours]);
    expect(copy).toMatchObject({ status: 0, stdout: expect.stringContaining("Copied 20 of 20 tags") });
    const spack = await spackFor(pathToFileURL(ours).href);
    const listed = (await spack.do("buildcache", "list", "-a", "-L")).match(/^[a-z2-7]{32}(?= )/gm);
    expect(listed).toHaveLength(22);
    expect(await install(spack)).toEqual(expected);
    await spack.do("buildcache", "check-index", "mochi", "--verify", "all");
  }, 200_000);

  it("finds the same files there as it would have written itself", async () => {
    expect(listFiles(join(ours, "v3"))).toEqual(listFiles(join(theirs, "v3")));
    expect(readFileSync(join(ours, "v3/layout.json"), "utf8")).toBe(
      readFileSync(join(theirs, "v3/layout.json"), "utf8"),
    );
    const specs = listFiles(join(ours, "v3/manifests/spec"));
    expect(specs).toHaveLength(20);
    for (const path of specs) {
      const [mine, its] = [ours, theirs].map((mirror) => {
        const text = readFileSync(join(mirror, "v3/manifests/spec", path), "utf8");
        const manifest = JSON.parse(text) as Manifest;
        const checksum = manifest.data[1]?.checksum ?? "";
        const blob = readFileSync(join(mirror, "blobs/sha256", checksum.slice(0, 2), checksum));
        // Sizes and checksums depend on the compressor, and on the path of the Spack that packed.
        return {
          text: text.replaceAll(/("contentLength":|"checksum":").*/g, "$1"),
          spec: String(gunzipSync(blob)),
        };
      });
      expect(mine).toEqual(its);
    }
  });
});
