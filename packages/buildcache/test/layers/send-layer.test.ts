// Large layers are under way before they are packed; whatever comes between, a layer is there at the end or the error is told.

import { createHash, randomBytes } from "node:crypto";
import { appendFileSync, existsSync, writeFileSync } from "node:fs";
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

/** Takes blobs while they are made, and counts what has come. */
class StreamingTarget extends MemoryTarget implements BlobStreamer {
  received = 0;
  streamed = 0;
  ended = 0;
  refuses = false;

  async streamBlob(body: BodyFactory, whole: Promise<Descriptor>, { onBytes, signal }: TransferOptions = {}) {
    this.streamed += 1;
    if (this.refuses) return false;
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

/** Packs the first `size` bytes at once, and the others when `meanwhile` is over. */
async function send(
  target: MemoryTarget,
  size: number,
  meanwhile: () => unknown,
  options: Partial<SendOptions> = {},
) {
  files += 1;
  const path = join(directory, String(files));
  const told: (number | string)[] = [];
  const sent = sendLayer(
    target,
    async (onWritten) => {
      writeFileSync(path, bytes.subarray(0, size));
      onWritten(size);
      await meanwhile();
      appendFileSync(path, bytes.subarray(size));
      return { descriptor: layer, diffId: "sha256:of-the-archive", path };
    },
    {
      path,
      mayBeThere: false,
      onPacked: ({ digest }) => told.push(digest),
      onBytes: (count) => told.push(count),
      ...options,
    },
  );
  return { sent, told, path };
}

it("sends what is packed while the rest is being packed, and tells of it afterwards", async () => {
  const target = new StreamingTarget();
  const { sent, told, path } = await send(target, 17 * MEBIBYTE, () =>
    expect.poll(() => target.received).toBe(17 * MEBIBYTE),
  );
  expect(await sent).toEqual({ descriptor: layer, diffId: "sha256:of-the-archive" });
  expect(await target.exists(layer)).toBe(true);
  expect(told[0]).toBe(layer.digest);
  expect(told[1]).toBe(17 * MEBIBYTE);
  expect(told.slice(1).reduce<number>((sum, count) => sum + Number(count), 0)).toBe(bytes.length);
  expect(existsSync(path)).toBe(false);
});

it.each([
  ["that is small", 15 * MEBIBYTE, {}],
  ["that may be there", 17 * MEBIBYTE, { mayBeThere: true }],
])("asks first for a layer %s", async (_, size, options) => {
  const target = new StreamingTarget();
  const { sent, told } = await send(target, size, () => {}, options);
  expect((await sent).descriptor).toEqual(layer);
  expect([target.streamed, await target.exists(layer)]).toEqual([0, true]);
  expect(told.slice(1).reduce<number>((sum, count) => sum + Number(count), 0)).toBe(bytes.length);
});

it("pushes to a target that takes no unfinished blobs, or would not take this one", async () => {
  const refusing = new StreamingTarget();
  refusing.refuses = true;
  for (const target of [new MemoryTarget(), refusing]) {
    const { sent, path } = await send(target, 17 * MEBIBYTE, () => {});
    await sent;
    expect([await target.exists(layer), existsSync(path)]).toEqual([true, false]);
  }
  expect(refusing.streamed).toBe(1);
});

it("ends with what went wrong while packing, and leaves nothing under way", async () => {
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

it("ends with what went wrong while packing, where the target waits for nothing but the whole", async () => {
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
