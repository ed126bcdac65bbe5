// Members inflated on several threads are what gunzip makes of the stream; nothing that lies gives other bytes.

import { randomBytes } from "node:crypto";
import { crc32, deflateRawSync, gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Allowance } from "../../src/compression/allowance.js";
import { inflateMembers } from "../../src/compression/inflate-members.js";
import { sizedMember } from "../../src/compression/sized-members.js";
import { chunked, collect } from "../support/bytes.js";

const sized = (content: Buffer) => sizedMember(deflateRawSync(content), crc32(content), content.length);

/** Where the length is in a header. */
const LENGTH_AT = 16;

const content = fc.oneof(
  fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes)),
  fc.nat({ max: 200_000 }).map((length) => Buffer.alloc(length, "repeated ")),
);
const member = fc.record({
  content,
  isSized: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, fc.boolean()),
});
const stream = fc.array(member, { minLength: 1, maxLength: 12 }).map((members) => ({
  plain: Buffer.concat(members.map((each) => each.content)),
  bytes: Buffer.concat(members.map((each) => (each.isSized ? sized : gzipSync)(each.content))),
}));

/** Counts what is held, and grants up to a limit. */
class Limited implements Allowance {
  held = 0;
  most = 0;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  take(bytes: number): boolean {
    if (this.held + bytes > this.#limit) return false;
    this.held += bytes;
    this.most = Math.max(this.most, this.held);
    return true;
  }

  give(bytes: number): void {
    this.held -= bytes;
  }
}

/** Chunks are valid until the next. */
async function* copied(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) yield Buffer.from(chunk);
}

describe("inflateMembers", () => {
  it("reads any members in any chunks, within any allowance", async () => {
    const limits = fc.constantFrom(0, 1000, 300_000, Number.POSITIVE_INFINITY);
    await fc.assert(
      fc.asyncProperty(stream, fc.integer({ min: 1, max: 50_000 }), limits, async (made, size, limit) => {
        const allowance = new Limited(limit);
        const read = await collect(
          copied(inflateMembers(chunked(made.bytes, Math.max(size, made.bytes.length >> 8)), allowance)),
        );
        expect(read.equals(made.plain)).toBe(true);
        expect(allowance.held).toBe(0);
        expect(allowance.most).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 100 },
    );
  });

  it("never gives other bytes than gunzip, however a stream is damaged", async () => {
    const damage = fc.record({
      at: fc.nat(),
      byte: fc.nat({ max: 255 }),
      cut: fc.option(fc.nat(), { nil: undefined }),
      length: fc.option(fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 2 ** 32 - 1 })), { nil: undefined }),
    });
    let failed = 0;
    await fc.assert(
      fc.asyncProperty(stream, damage, async ({ bytes }, { at, byte, cut, length }) => {
        const damaged = Buffer.from(bytes.subarray(0, cut === undefined ? bytes.length : cut % bytes.length));
        if (length === undefined) damaged[at % Math.max(1, damaged.length)] = byte;
        else if (damaged.length > LENGTH_AT + 4) damaged.writeUInt32LE(length, LENGTH_AT);
        const allowance = new Limited(100_000);
        const outcome = await collect(inflateMembers(chunked(damaged, 1000), allowance)).catch(
          (error: unknown) => error,
        );
        if (Buffer.isBuffer(outcome)) expect(outcome.equals(gunzipSync(damaged))).toBe(true);
        else failed += 1;
        expect(allowance.held).toBe(0);
      }),
      { numRuns: 300 },
    );
    expect(failed).toBeGreaterThan(100);
  });

  it.each([
    ["one byte less", -1],
    ["more than the stream has", 1_000_000],
  ])("rejects a member that says it has %s", async (_, lie) => {
    const [first, second] = [sized(randomBytes(5000)), sized(randomBytes(3000))];
    first.writeUInt32LE(Math.max(0, first.readUInt32LE(LENGTH_AT) + lie), LENGTH_AT);
    const read = collect(inflateMembers(chunked(Buffer.concat([first, second]), 1000)));
    await expect(read).rejects.toThrow(Error);
  });

  it("leaves members with too much content to a stream", async () => {
    const large = Buffer.alloc(20 * 1024 * 1024, "much");
    const bytes = Buffer.concat([sized(randomBytes(100)), sized(large), sized(randomBytes(100))]);
    const chunks: number[] = [];
    for await (const chunk of inflateMembers(chunked(bytes, 5000))) chunks.push(chunk.length);
    expect(chunks.reduce((sum, length) => sum + length, 0)).toBe(large.length + 200);
    expect(Math.max(...chunks)).toBeLessThan(3 * 1024 * 1024);
  });

  it("ends at zeros, as tape records have", async () => {
    const padded = Buffer.concat([sized(Buffer.from("content")), Buffer.alloc(5000)]);
    expect((await collect(inflateMembers(chunked(padded, 100)))).toString()).toBe("content");
  });

  it("gives back what it took if its reader stops", async () => {
    const allowance = new Limited(10_000_000);
    const bytes = Buffer.concat(Array.from({ length: 20 }, () => sized(randomBytes(50_000))));
    for await (const chunk of inflateMembers(chunked(bytes, 100_000), allowance)) {
      expect(chunk.length).toBe(50_000);
      break;
    }
    expect(allowance.held).toBe(0);
  });

  it("frees what was used, if memory is limited", async () => {
    const bytes = Buffer.concat([1, 2, 3].map((each) => sized(Buffer.alloc(200_000, each))));
    const lengthsAtEnd = async (allowance?: Allowance) => {
      const kept: Buffer[] = [];
      for await (const chunk of inflateMembers(chunked(bytes, 1000), allowance)) kept.push(chunk);
      return kept.map(({ length }) => length);
    };
    expect(await lengthsAtEnd(new Limited(1_000_000))).toEqual([0, 0, 0]);
    expect(await lengthsAtEnd()).toEqual([200_000, 200_000, 200_000]);
  });
});
