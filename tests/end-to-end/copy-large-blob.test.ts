// Copying a large blob between hosts takes no more memory than a small one, and no disk.

import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { type Descriptor, MEDIA_TYPES, openTarget, pushBytes } from "@spack-oci/oci-client";
import { expect, it } from "vitest";
import { spackOci } from "../support/command-line.js";
import { peakOfBuffers } from "../support/peak-of-buffers.js";
import { registryProducts, startRegistryProcess } from "../support/registry-process.js";

const size = 200 * 1024 * 1024;
const allowance = 64 * 1024 * 1024;
const block = Buffer.alloc(1024 * 1024, "spack");

function largeBlob(): Descriptor {
  const hash = createHash("sha256");
  for (let at = 0; at < size; at += block.length) hash.update(block);
  return { mediaType: MEDIA_TYPES.ociLayerGzip, digest: `sha256:${hash.digest("hex")}`, size };
}

function body(): Readable {
  return Readable.from(
    (function* () {
      for (let at = 0; at < size; at += block.length) yield block;
    })(),
    { objectMode: false },
  );
}

if (registryProducts.length === 0)
  console.log("skipped: a large blob between two hosts, because no registry is on PATH");

it.each(registryProducts)(
  "is copied in bounded memory between two of %s",
  async (product) => {
    const [from, to] = await Promise.all([startRegistryProcess(product), startRegistryProcess(product)]);
    try {
      const source = openTarget(from.location("large/one"));
      const layer = largeBlob();
      await source.push(layer, body);
      const { descriptor: config } = await pushBytes(source, Buffer.from("{}"), {
        mediaType: MEDIA_TYPES.ociConfig,
      });
      const manifest = { schemaVersion: 2, mediaType: MEDIA_TYPES.ociManifest, config, layers: [layer] };
      await pushBytes(source, Buffer.from(JSON.stringify(manifest)), {
        mediaType: MEDIA_TYPES.ociManifest,
        tag: "large",
      });
      const peak = await peakOfBuffers(async () => {
        const run = await spackOci(["copy", from.location("large/one"), to.location("large/two")]);
        expect(run).toMatchObject({ status: 0 });
      });
      expect(await openTarget(to.location("large/two")).exists(layer)).toBe(true);
      console.info(`copying ${size >> 20} MiB took ${Math.round(peak / 2 ** 20)} MiB of buffers at most`);
      expect(peak).toBeLessThan(allowance);
    } finally {
      await Promise.all([from.stop(), to.stop()]);
    }
  },
  120_000,
);
