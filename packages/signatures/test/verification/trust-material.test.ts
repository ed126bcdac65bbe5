// Where the authorities behind keyless signatures come from: a file, or a repository of The Update Framework.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { publicTrustedRoot, trustedRootFile } from "../../src/verification/trust-material.js";
import { scratchFile, scratchPath } from "../support/signed-image.js";

const ROOT = JSON.stringify({
  mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
  tlogs: [],
  certificateAuthorities: [],
  ctlogs: [],
  timestampAuthorities: [],
});

const program = fileURLToPath(new URL("../support/tuf-repository.mjs", import.meta.url));
let count = 0;

/** Starts a repository that answers as Sigstore's does. */
async function startRepository(): Promise<{ mirrorURL: string; rootPath: string }> {
  const child = spawn(process.execPath, [program, ROOT], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill());
  const lines = createInterface(child.stdout);
  const { value } = await lines[Symbol.asyncIterator]().next();
  const { mirrorURL, root } = JSON.parse(String(value));
  count += 1;
  return { mirrorURL, rootPath: scratchFile(`root-${count}.json`, JSON.stringify(root)) };
}

test("fetches the authorities from a repository, and keeps them in the user's cache", async () => {
  const environment = { XDG_CACHE_HOME: scratchPath("cache") };
  const material = await publicTrustedRoot(environment, await startRepository())();
  expect(material).toMatchObject({ tlogs: [], certificateAuthorities: [] });
  expect(existsSync(scratchPath("cache/spack-oci/sigstore"))).toBe(true);
});

test("does not trust a repository that another root signed", async () => {
  const { mirrorURL } = await startRepository();
  const { rootPath } = await startRepository();
  const environment = { XDG_CACHE_HOME: scratchPath("other-cache") };
  await expect(publicTrustedRoot(environment, { mirrorURL, rootPath })()).rejects.toMatchObject({
    code: "ERR_TRUSTED_ROOT",
    kind: "unreachable",
    hint: expect.stringContaining("--trusted-root FILE"),
  });
});

test("rejects a file that is no trusted root", async () => {
  const path = scratchFile("trusted.json", "[");
  await expect(trustedRootFile(path)()).rejects.toMatchObject({ code: "ERR_TRUSTED_ROOT", kind: "usage" });
  await expect(trustedRootFile("/nonexistent")()).rejects.toMatchObject({ code: "ERR_TRUSTED_ROOT" });
});
