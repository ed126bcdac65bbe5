// Verification detects every change, however the bytes are split.

import { pipeline, Readable } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { collectBytes } from "../../../../tests/support/collect.js";
import { descriptorOf } from "../../src/content/descriptor.js";
import { verifying } from "../../src/content/verify.js";

function through(chunks: readonly Uint8Array[], expected: Parameters<typeof verifying>[0]): Promise<Buffer> {
  return collectBytes(
    pipeline(Readable.from(chunks, { objectMode: false }), verifying(expected, "here"), () => {}),
  );
}

test("passes matching bytes unchanged, however they are split", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ minLength: 1 })), async (chunks) => {
      const whole = Buffer.concat(chunks);
      expect(await through(chunks, descriptorOf("x", whole))).toEqual(whole);
    }),
  );
});

test("a flipped bit, a missing byte and an extra byte are corrupt", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1 }), fc.nat(), async (bytes, at) => {
      const expected = descriptorOf("x", bytes);
      const flipped = Uint8Array.from(bytes);
      flipped[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ (1 << (at % 8));
      for (const wrong of [flipped, bytes.subarray(1), Buffer.concat([bytes, Buffer.from([0])])]) {
        await expect(through([wrong], expected)).rejects.toMatchObject({ kind: "corrupt", place: "here" });
      }
    }),
  );
});

test("fails before it signals the end", async () => {
  const stream = verifying(descriptorOf("x", Buffer.from("good")));
  const events: string[] = [];
  stream.on("end", () => events.push("end")).on("error", () => events.push("error"));
  stream.resume();
  stream.end(Buffer.from("evil"));
  await new Promise((resolve) => stream.once("close", resolve));
  expect(events).toEqual(["error"]);
});
