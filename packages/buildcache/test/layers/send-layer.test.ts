// Large layers are uploaded while they are packed; in the end either the layer exists or the error is reported.

import { createHash, randomBytes } from "node:crypto";
import { appendFileSync, createReadStream, existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import {
  type BlobStreamer,
  type BodyFactory,
  type Descriptor,
  MEDIA_TYPES,
  MemoryTarget,
  type TransferOptions,
} from "@spack-oci/oci-client";
import { expect, it } from "vitest";
import { scratchDirectory } from "../../../../tests/support/scratch.js";
import { type SendOptions, sendLayer } from "../../src/layers/send-layer.js";

const MEBIBYTE = 2 ** 20;
const directory = scratchDirectory("send-layer");
const bytes = randomBytes(20 * MEBIBYTE);
const layer: Descriptor = {
  mediaType: MEDIA_TYPES.ociLayerGzip,
  digest: `sha256:${createHash("sha256").update(bytes).digest("hex")}`,
  size: bytes.length,
};
let files = 0;

/** Accepts blobs while they are being written, and counts the received bytes. */
class StreamingTarget extends MemoryTarget implements BlobStreamer {
  received = 0;
  streamed = 0;
  ended = 0;
  rejects = false;

  async streamBlob(body: BodyFactory, whole: Promise<Descriptor>, { onBytes, signal }: TransferOptions = {}) {
    this.streamed += 1;
    if (this.rejects) return false;
    const parts: Buffer[] = [];
    try {
      for await (const part of (await body()) as AsyncIterable<Buffer>) {
        signal?.throwIfAborted();
        this.received += part.length;
        onBytes?.(part.length);
        parts.push(part);
      }
      signal?.throwIfAborted();
      await super.push(await whole, () => Readable.from(parts));
      return true;
    } finally {
      this.ended += 1;
    }
  }
}

/** Packs the first `size` bytes immediately, and the rest after `meanwhile`. */
async function send(
  target: MemoryTarget,
  size: number,
  meanwhile: () => unknown,
  options: Partial<SendOptions> = {},
) {
  files += 1;
  const path = join(directory, String(files));
  const reported: (number | string)[] = [];
  const sent = sendLayer(
    target,
    async (onWritten) => {
      writeFileSync(path, bytes.subarray(0, size));
      onWritten(size);
      await meanwhile();
      appendFileSync(path, bytes.subarray(size));
      return {
        descriptor: layer,
        diffId: "sha256:of-the-archive",
        body: () => createReadStream(path),
        discard: async () => rmSync(path),
      };
    },
    {
      path,
      mayExist: false,
      onPacked: ({ digest }) => reported.push(digest),
      onBytes: (count) => reported.push(count),
      ...options,
    },
  );
  return { sent, reported, path };
}

it("sends packed bytes while the rest is being packed, and reports progress afterwards", async () => {
  const target = new StreamingTarget();
  const { sent, reported, path } = await send(target, 17 * MEBIBYTE, () =>
    expect.poll(() => target.received).toBe(17 * MEBIBYTE),
  );
  expect(await sent).toEqual({ descriptor: layer, diffId: "sha256:of-the-archive" });
  expect(await target.exists(layer)).toBe(true);
  expect(reported[0]).toBe(layer.digest);
  expect(reported[1]).toBe(17 * MEBIBYTE);
  expect(reported.slice(1).reduce<number>((sum, count) => sum + Number(count), 0)).toBe(bytes.length);
  expect(existsSync(path)).toBe(false);
});

it.each([
  ["that is small", 15 * MEBIBYTE, {}],
  ["that may already exist", 17 * MEBIBYTE, { mayExist: true }],
])("first asks for a layer %s", async (_, size, options) => {
  const target = new StreamingTarget();
  const { sent, reported } = await send(target, size, () => {}, options);
  expect((await sent).descriptor).toEqual(layer);
  expect([target.streamed, await target.exists(layer)]).toEqual([0, true]);
  expect(reported.slice(1).reduce<number>((sum, count) => sum + Number(count), 0)).toBe(bytes.length);
});

it("pushes to a target that does not accept unfinished blobs, or rejects this one", async () => {
  const rejecting = new StreamingTarget();
  rejecting.rejects = true;
  for (const target of [new MemoryTarget(), rejecting]) {
    const { sent, path } = await send(target, 17 * MEBIBYTE, () => {});
    await sent;
    expect([await target.exists(layer), existsSync(path)]).toEqual([true, false]);
  }
  expect(rejecting.streamed).toBe(1);
});

it("fails with the packing error, and leaves no upload in flight", async () => {
  const target = new StreamingTarget();
  const failure = new Error("the file changed");
  const { sent } = await send(target, 17 * MEBIBYTE, async () => {
    await expect.poll(() => target.received).toBe(17 * MEBIBYTE);
    throw failure;
  });
  await expect(sent).rejects.toBe(failure);
  expect([target.streamed, target.ended]).toEqual([1, 1]);
  expect(await target.exists(layer)).toBe(false);
});

it("lets go of the layer and of its upload if a listener throws", async () => {
  const target = new StreamingTarget();
  const failure = new Error("the listener failed");
  const received = () => expect.poll(() => target.received).toBe(17 * MEBIBYTE);
  const { sent, path } = await send(target, 17 * MEBIBYTE, received, {
    onPacked: () => {
      throw failure;
    },
  });
  await expect(sent).rejects.toBe(failure);
  expect([target.streamed, target.ended, existsSync(path)]).toEqual([1, 1, false]);
});

it("fails with the packing error if the target waits only for the digest", async () => {
  const target = new StreamingTarget();
  target.streamBlob = async (_, whole) => (await whole).size > 0;
  const failure = new Error("the file changed");
  const { sent } = await send(target, 17 * MEBIBYTE, () => Promise.reject(failure));
  await expect(sent).rejects.toBe(failure);
});

it.each(["before 16 MiB", "after packing"])("ends with the signal's reason, %s", async (when) => {
  const target = new StreamingTarget();
  const controller = new AbortController();
  const stop = () => controller.abort(new Error("enough"));
  if (when === "before 16 MiB") stop();
  const { sent, path } = await send(target, 17 * MEBIBYTE, () => {}, {
    signal: controller.signal,
    onPacked: stop,
  });
  await expect(sent).rejects.toThrow("enough");
  expect(existsSync(path)).toBe(false);
});
