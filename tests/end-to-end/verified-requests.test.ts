// What it costs to verify packages: one request for each, no matter how many there are, and none for the index.

import { join } from "node:path";
import { createRegistryClient, openTarget } from "@spack-oci/oci-client";
import { expect, it } from "vitest";
import { spackOci } from "../support/command-line.js";
import { scratchDirectory } from "../support/scratch.js";
import { writeKeys } from "../support/signing-keys.js";
import { pushSynthetic } from "../support/synthetic-buildcache.js";
import { startTestRegistry } from "../support/test-registry/test-registry.js";

const PACKAGES = 200;
const scratch = scratchDirectory("verified-requests");
const owner = writeKeys(scratch, "owner");

it.each([
  { registry: "without the referrers API", referrers: false, probes: 1 },
  { registry: "with the referrers API", referrers: true, probes: 0 },
])("of 200 packages, $registry", { timeout: 300_000 }, async ({ referrers, probes }) => {
  const registry = await startTestRegistry({ referrers });
  const mirror = registry.location("many");
  const names = Array.from({ length: PACKAGES }, (_, at) => `package-${at}`);
  const packages = names.map((name) => ({ name, files: { [`share/${name}`]: name } }));
  await pushSynthetic(openTarget(mirror, { client: createRegistryClient() }), packages);
  expect(await spackOci(["update-index", mirror])).toMatchObject({ status: 0 });
  const signed = await spackOci(["sign", mirror, "--key", owner.key, "--json"]);
  expect(signed.json<{ signed: object[] }>().signed).toHaveLength(PACKAGES);

  const requestsOf = async (...args: string[]) => {
    registry.reset();
    const root = join(scratchDirectory("root"), "store");
    const pulled = await spackOci(["pull", mirror, "--root", root, "--json", ...args]);
    expect(pulled.json<{ pulled: object[] }>().pulled).toHaveLength(PACKAGES);
    return registry.requests.length;
  };
  const plain = await requestsOf();
  const verified = await requestsOf("--verify-key", owner.pub);
  console.info(`requests of a pull of ${PACKAGES} packages: ${plain}; verified: ${verified}`);
  // A registry without the API is asked for it once.
  expect(verified - plain).toBe(PACKAGES + probes);
  await registry.close();
});
