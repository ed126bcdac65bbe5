// A body tells the errors of its source from those of the connection that it goes out on.

import { once } from "node:events";
import { Readable } from "node:stream";
import { expect, it } from "vitest";
import { openUploadBody } from "../../src/transport/upload-body.js";

/** A body on its way out, whose source gives nothing yet. */
async function openBody() {
  const source = new Readable({ read: () => {} });
  const { content, sourceError } = openUploadBody({ open: () => source, size: undefined }, 60_000, () => {});
  const stream = (content as Readable).resume();
  await new Promise((resolve) => setImmediate(resolve));
  return { source, stream, sourceError };
}

it("does not blame the source for the error that destroyed the body", async () => {
  const { source, stream, sourceError } = await openBody();
  const closed = new Promise((resolve) => source.once("close", resolve));
  stream.on("error", () => {}).destroy(new Error("the connection broke"));
  await closed;
  expect(source.errored?.message).toBe("the connection broke");
  expect(sourceError()).toBeUndefined();
});

it("keeps the error of the source itself", async () => {
  const { source, stream, sourceError } = await openBody();
  const failed = once(stream, "error");
  const failure = new Error("the file is gone");
  source.destroy(failure);
  expect(await failed).toEqual([failure]);
  expect(sourceError()).toBe(failure);
});
