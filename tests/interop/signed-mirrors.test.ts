// Spack installs from a mirror that this project has signed, and this project copies one that Spack has signed.

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { fixture } from "../support/fixtures.js";
import { GpgHome, gpgProgram } from "../support/gpg-home.js";
import { listFiles } from "../support/list-files.js";
import { scratchDirectory } from "../support/scratch.js";
import { shortRoot } from "./support/short-root.js";
import { describeWithSpack, SAMPLE_PADDING, Spack } from "./support/spack.js";

const MANIFESTS = "v3/manifests/spec";

const describeWithGpg = gpgProgram === undefined ? describeWithSpack.skip : describeWithSpack;

describeWithGpg("a signed mirror", () => {
  const scratch = scratchDirectory("signed-mirrors");
  const gpg = new GpgHome();
  const root = shortRoot();
  const ours = join(scratch, "ours");
  const theirs = join(scratch, "theirs");

  /** A Spack that has the keys, and takes the mirror for signed. */
  const spackFor = (mirror: string, options: { root: string; paddedLength?: number }) =>
    Spack.create({ ...options, mirror: pathToFileURL(mirror).href, gpgHome: gpg.directory });

  const install = async () => {
    rmSync(root, { recursive: true, force: true });
    const spack = await spackFor(ours, { root });
    return spack.run("-e", spack.environment, "install", "--cache-only");
  };

  beforeAll(() => {
    gpg.createKey("signer");
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it("of ours is installed by Spack, which verifies every package", async () => {
    const spack = await spackFor(ours, { root });
    const from = `oci-layout:${fixture("oci-layout-main")}`;
    expect(await spack.ours("copy", from, ours, "--gpg-key", "signer")).toMatchObject({ status: 0 });
    const { status, stderr } = await install();
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(listFiles(root).filter((path) => path.endsWith(".spack/spec.json"))).toHaveLength(18);
  }, 200_000);

  it("of ours is refused by Spack once a byte has changed", async () => {
    const directory = join(ours, MANIFESTS, "json-c-lite");
    const path = join(directory, listFiles(directory)[0] ?? "");
    const text = readFileSync(path, "utf8");
    writeFileSync(path, text.replace(/"contentLength":\d/, '"contentLength":9'));
    const { status, stderr, stdout } = await install();
    expect(status).not.toBe(0);
    expect(`${stdout}${stderr}`).toMatch(/BAD signature/);
    expect(listFiles(root).filter((entry) => /json-c-lite.*spec\.json$/.test(entry))).toEqual([]);
    writeFileSync(path, text);
  }, 200_000);

  it("of Spack is copied by us, unless a byte has changed", async () => {
    const producer = await spackFor(theirs, { root: extractSampleStore(), paddedLength: SAMPLE_PADDING });
    const push = ["buildcache", "push", "--key", "signer", "--update-index", "mochi"];
    await producer.do("-e", producer.environment, ...push);
    const copied = await producer.ours("copy", theirs, `oci-layout:${join(scratch, "copied")}`, "--json");
    expect(copied).toMatchObject({ status: 0 });
    const [result] = copied.json<{ destinations: { copied: unknown[]; unverified: unknown[] }[] }>()
      .destinations;
    expect(result).toMatchObject({ copied: { length: 20 }, unverified: [] });

    const directory = join(theirs, MANIFESTS, "json-c-lite");
    const path = join(directory, listFiles(directory)[0] ?? "");
    writeFileSync(path, readFileSync(path, "utf8").replace(/"contentLength":\d/, '"contentLength":9'));
    const refused = await producer.ours(
      "copy",
      theirs,
      `oci-layout:${join(scratch, "refused")}`,
      "json-c-lite",
    );
    expect(refused).toMatchObject({
      status: 5,
      stdout: expect.stringContaining("was changed after the key"),
    });
  }, 200_000);
});
