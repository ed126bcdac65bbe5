// Lent memory is overwritten as soon as the reader is done with it, and not before.

import { once } from "node:events";
import fc from "fast-check";
import { expect, it } from "vitest";
import { LendingStream } from "../../src/http/lending-stream.js";
import { isLent, memoryToLend, owned } from "../../src/http/lent-memory.js";

/** Reads its content into one piece of memory, again and again, as long as it may. */
class Source extends LendingStream {
  readonly #memory = memoryToLend(8);
  readonly #chunks: Buffer[];
  #isRunning = false;

  constructor(chunks: readonly Buffer[]) {
    super({ highWaterMark: 16 });
    this.#chunks = [...chunks];
  }

  protected override demand(): void {
    if (!this.#isRunning) setImmediate(() => this.#run());
    this.#isRunning = true;
  }

  #run(): void {
    this.#isRunning = false;
    for (let mayContinue = true; mayContinue; ) {
      const chunk = this.#chunks.shift();
      if (chunk === undefined) {
        this.push(null);
        return;
      }
      this.#memory.fill(0xff);
      chunk.copy(this.#memory);
      mayContinue = this.pass(this.#memory.subarray(0, chunk.byteLength));
    }
  }
}

/** Passes another stream on, as a download passes on an answer. */
class Relay extends LendingStream {
  readonly #source: LendingStream;

  constructor(source: LendingStream) {
    super({ highWaterMark: 16 });
    this.#source = source;
    source.lend();
    source.on("data", (chunk) => this.pass(chunk) || source.pause()).once("end", () => this.push(null));
  }

  protected override demand(): void {
    this.#source.resume();
  }
}

const chunks = fc.array(
  fc.uint8Array({ minLength: 1, maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
  { maxLength: 30 },
);

it("gives bytes to keep to readers that do not promise otherwise", async () => {
  await fc.assert(
    fc.asyncProperty(chunks, async (content) => {
      const kept: Buffer[] = [];
      for await (const chunk of new Relay(new Source(content))) kept.push(chunk);
      expect(Buffer.concat(kept)).toEqual(Buffer.concat(content));
      expect(kept.some(isLent)).toBe(false);
    }),
  );
});

it("leaves a chunk alone while its reader pauses", async () => {
  await fc.assert(
    fc.asyncProperty(chunks, fc.array(fc.nat(2), { minLength: 1 }), async (content, pauses) => {
      const stream = new Relay(new Source(content));
      const seen: Buffer[] = [];
      stream.lend();
      stream.on("data", (chunk) => {
        const turns = pauses[seen.length % pauses.length] ?? 0;
        seen.push(Buffer.alloc(0));
        const take = () => {
          seen[seen.length - 1] = Buffer.from(chunk);
        };
        if (turns === 0) return take();
        stream.pause();
        const wait = (left: number) => {
          if (left > 0) return setImmediate(wait, left - 1);
          take();
          return stream.resume();
        };
        wait(turns);
      });
      await once(stream, "end");
      expect(Buffer.concat(seen)).toEqual(Buffer.concat(content));
    }),
  );
});

it("passes lent memory on without a copy", async () => {
  const stream = new Relay(new Source([Buffer.from("content")]));
  let wasLent = false;
  stream.lend();
  stream.on("data", (chunk) => {
    wasLent = isLent(chunk);
  });
  await once(stream, "end");
  expect(wasLent).toBe(true);
});

it("copies only lent memory", () => {
  const own = Buffer.from("own");
  expect(owned(own)).toBe(own);
  const memory = memoryToLend(4);
  const copy = owned(memory.fill("a"));
  memory.fill("b");
  expect(copy.toString()).toBe("aaaa");
});
