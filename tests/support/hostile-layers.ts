// Layers made to exhaust the memory or the file system of the machine that unpacks them.

import { gzipSync } from "node:zlib";
import {
  BUILD_INFO,
  directory,
  END_OF_ARCHIVE,
  file,
  type RawMember,
  rawMember,
  rawPax,
} from "../../packages/spack-tarball/test/support/raw-tar.js";

type Part = RawMember | Buffer;

/** Compresses parts as they are made: each megabyte becomes a gzip member of its own. */
function packed(parts: Iterable<Part>): Buffer {
  const members: Buffer[] = [];
  let held: Buffer[] = [];
  let length = 0;
  const flush = () => {
    members.push(gzipSync(Buffer.concat(held), { level: 1 }));
    held = [];
    length = 0;
  };
  for (const part of parts) {
    const bytes = Buffer.isBuffer(part) ? part : rawMember(part);
    held.push(bytes);
    length += bytes.length;
    if (length > 1e6) flush();
  }
  held.push(END_OF_ARCHIVE);
  flush();
  return Buffer.concat(members);
}

function* times<T>(count: number, make: (index: number) => T): Generator<T> {
  for (let index = 0; index < count; index += 1) yield make(index);
}

/** A zstd frame whose blocks repeat one byte: four bytes become 128 KiB. */
function zstdBomb(blocks: number): Buffer {
  const body = Buffer.alloc(4 * blocks);
  for (let index = 0; index < blocks; index += 1)
    body.writeUIntLE((0x20000 << 3) | 2 | (index === blocks - 1 ? 1 : 0), 4 * index, 3);
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x58]), body]);
}

const longHeader = rawPax({ path: "s/p/x", comment: "x".repeat(100_000) });
const buildInfo = (text: string) => file("s/p/.spack/binary_distribution", text);

/** Compressed layers by what they do. */
export const HOSTILE_LAYERS: Readonly<Record<string, () => Buffer>> = {
  "thousands of extended headers": () => packed(times(4000, () => longHeader)),
  "global headers with many keys": () =>
    packed(times(4000, (index) => rawPax({ [`key-${index}`]: "x".repeat(100_000) }, "g"))),
  "names that no file system takes": () =>
    packed(times(4000, (index) => rawPax({ path: `s/p/${index}${"x".repeat(100_000)}` }))),
  "more directories than fit in memory": () =>
    packed(
      (function* () {
        for (const index of times(20_000, (at) => at)) {
          yield rawPax({ path: `s/p/${index}${"x".repeat(15_000)}` });
          yield directory("x");
        }
      })(),
    ),
  "directories that are too deep for a path": () =>
    packed([
      directory("s"),
      directory("s/p"),
      file("s/p/first"),
      rawPax({ path: `s/p/${"d/".repeat(5000)}f` }),
      file("x"),
      buildInfo(BUILD_INFO),
    ]),
  "a build info with millions of items": () =>
    packed([directory("s/p"), buildInfo(`buildpath: /s\nrelocate_textfiles:\n${"- a\n".repeat(3_000_000)}`)]),
  "a build info of a gigabyte": () =>
    packed(
      (function* () {
        yield directory("s/p");
        yield rawMember({ ...buildInfo(""), size: 1e9 });
        yield* times(1000, () => Buffer.alloc(1e6, "- a\n"));
      })(),
    ),
  "a zstd frame of a gigabyte": () => zstdBomb(8192),
  "a gzip stream of a gigabyte that is not an archive": () =>
    Buffer.concat([...times(16, () => gzipSync(Buffer.alloc(64 * 1024 * 1024, "x")))]),
  "a stream that ends early": () =>
    packed([directory("s/p"), file("s/p/x", "x".repeat(5000))]).subarray(0, 60),
};
