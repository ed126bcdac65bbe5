// A large blob takes no more memory than a small one, to and from all targets that do not hold content in memory.

import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { createRegistryClient, type Descriptor, openTarget } from "@spack-oci/oci-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { peakOfBuffers } from "../support/peak-of-buffers.js";
import { registryProducts, startRegistryProcess } from "../support/registry-process.js";

const size = 256 * 1024 * 1024;
const allowance = 64 * 1024 * 1024;
const block = Buffer.alloc(1024 * 1024, "spack");

function body(): Readable {
  let sent = 0;
  return new Readable({
    read() {
      this.push(sent < size ? block : null);
      sent += block.length;
    },
  });
}

let descriptor: Descriptor;
let directory: string;
beforeAll(async () => {
  const hash = createHash("sha256");
  for (let i = 0; i < size; i += block.length) hash.update(block);
  descriptor = { mediaType: "application/octet-stream", digest: `sha256:${hash.digest("hex")}`, size };
  directory = await mkdtemp(join(tmpdir(), "large-"));
});
afterAll(() => rm(directory, { recursive: true }));

const places: Record<string, () => Promise<{ location: string; stop(): Promise<void> }>> = {
  "image layout": async () => ({ location: `oci-layout:${join(directory, "layout")}`, stop: async () => {} }),
};
if (registryProducts.length === 0)
  console.info(
    "skipped: large blobs on registries, because no registry is on PATH; only the image layout is tested",
  );
for (const product of registryProducts) {
  places[product] = async () => {
    const registry = await startRegistryProcess(product);
    return { location: registry.location("org/large"), stop: () => registry.stop() };
  };
}

test.each(Object.keys(places))("%s", async (name) => {
  const { location, stop } = await (places[name] as (typeof places)[string])();
  const target = openTarget(location, { client: createRegistryClient() });
  const pushed = await peakOfBuffers(async () => {
    expect(await target.push(descriptor, body)).toBe("uploaded");
  });
  let received = 0;
  const fetched = await peakOfBuffers(async () => {
    for await (const chunk of await target.fetch(descriptor)) received += chunk.length;
  });
  expect(received).toBe(size);
  expect({ pushed: pushed < allowance, fetched: fetched < allowance }).toEqual({
    pushed: true,
    fetched: true,
  });
  await stop();
});
