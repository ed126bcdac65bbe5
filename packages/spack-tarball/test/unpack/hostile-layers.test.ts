// Layers that are made to exhaust memory, time or the file system: refused before they do.

import { readdirSync, rmSync } from "node:fs";
import { afterEach, expect, it } from "vitest";
import {
  MAX_EXTENDED_HEADERS,
  MAX_GLOBAL_HEADERS,
  MAX_KEPT_NAMES,
  MAX_NAME_LENGTH,
} from "../../src/tar/limits.js";
import { Anchor } from "../../src/unpack/anchor.js";
import { KeptNames } from "../../src/unpack/kept-names.js";
import { unpackLayer } from "../../src/unpack/unpack-layer.js";
import { freshPath } from "../support/directories.js";
import {
  BUILD_INFO,
  directory,
  END_OF_ARCHIVE,
  file,
  type RawMember,
  rawMember,
  rawPax,
} from "../support/raw-tar.js";

const MEGABYTE = 1024 * 1024;
const malformed = expect.objectContaining({ code: "ERR_TAR_MALFORMED", kind: "corrupt" });

let target: string;

/** Unpacks parts that are made when they are read, so that only the reader can hold them. */
async function unpack(parts: Iterable<RawMember | Buffer>): Promise<void> {
  target = freshPath();
  async function* layer() {
    // Detected as an archive without compression.
    for (const part of parts) yield Buffer.isBuffer(part) ? part : rawMember(part);
    yield END_OF_ARCHIVE;
  }
  await unpackLayer(layer(), target);
}

/** Growth of this process's memory, in bytes, while something runs. */
async function growthOf(run: () => Promise<void>): Promise<number> {
  const before = process.memoryUsage().rss;
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 10);
  try {
    await run();
  } finally {
    clearInterval(timer);
  }
  return Math.max(peak, process.memoryUsage().rss) - before;
}

function* repeated<T>(count: number, make: (index: number) => T): Generator<T> {
  for (let index = 0; index < count; index += 1) yield make(index);
}

afterEach(() => rmSync(target, { recursive: true, force: true }));

it.each([
  ["pax headers", rawPax({ path: "s/p/x", comment: "x".repeat(100_000) })],
  [
    "names in GNU's format",
    rawMember({ name: "././@LongLink", type: "L", content: Buffer.alloc(100_000, "x") }),
  ],
])("refuses a member with thousands of %s", async (_what, header) => {
  let read = 0;
  const headers = repeated(20_000, () => {
    read += header.length;
    return header;
  });
  await expect(unpack(headers)).rejects.toEqual(malformed);
  expect(read).toBeLessThan(2 * MAX_EXTENDED_HEADERS);
});

it("refuses global headers with many keys", async () => {
  let read = 0;
  const headers = repeated(100_000, (index) => {
    const header = rawPax({ [`key-${index}`]: "x".repeat(10_000) }, "g");
    read += header.length;
    return header;
  });
  const members = (function* () {
    for (const header of headers) {
      yield header;
      yield file("s/p/x");
    }
  })();
  await expect(unpack(members)).rejects.toEqual(malformed);
  expect(read).toBeLessThan(2 * MAX_GLOBAL_HEADERS);
});

it("does not keep what a header has beside its paths and sizes", async () => {
  const records = Object.fromEntries(repeated(40_000, (index) => [`key-${index}`, "x"]));
  const header = rawPax(records);
  expect(header.length).toBeLessThan(MAX_EXTENDED_HEADERS);
  const members = (function* () {
    yield directory("s/p");
    yield rawPax({ path: "s/p/real" });
    yield header;
    yield file("ignored");
    yield file("s/p/.spack/binary_distribution", BUILD_INFO);
  })();
  await unpack(members);
  expect(readdirSync(target).sort()).toEqual([".spack", "real"]);
});

it("refuses a name that no file system takes", async () => {
  const members = [rawPax({ path: `s/p/${"x".repeat(MAX_NAME_LENGTH)}` }), file("x")];
  await expect(unpack(members)).rejects.toEqual(malformed);
});

it("refuses directories that are nested too deeply, before it makes them", async () => {
  const deep = `s/p/${"d/".repeat(1500)}`;
  const members = [directory("s/p"), file("s/p/first"), rawPax({ path: `${deep}f` }), file("x")];
  await expect(unpack(members)).rejects.toEqual(malformed);
  expect(readdirSync(target)).toEqual(["first"]);
});

it("refuses directories that become too deep when their prefix is found", async () => {
  const deep = `s/p/${"d/".repeat(1500)}`;
  const members = [rawPax({ path: `${deep}f` }), file("x"), file("s/p/second")];
  await expect(unpack(members)).rejects.toEqual(malformed);
  expect(readdirSync(target)).toEqual(["f"]);
});

it("refuses more directories than fit in memory", async () => {
  const name = "x".repeat(10_000);
  let read = 0;
  const members = (function* () {
    for (const index of repeated(40_000, (at) => at)) {
      read = index;
      yield rawPax({ path: `s/p/${index}${name}` });
      yield directory("x");
    }
  })();
  const growth = await growthOf(() => expect(unpack(members)).rejects.toEqual(malformed));
  expect(read).toBeLessThan(MAX_KEPT_NAMES / name.length);
  expect(growth).toBeLessThan(300 * MEGABYTE);
});

it("hands out each directory once, however often the common prefix changes", () => {
  const depth = 300;
  const chain = (levels: number) => ["s", ...repeated(levels, () => "d")].join("/");
  const anchor = new Anchor(new KeptNames());
  anchor.seeDirectory("s");
  const listed = [...repeated(6000, (index) => `${chain(index % depth)}/e${index}`)];
  for (const name of listed) anchor.seeDirectory(name);
  const taken: string[] = [];
  for (let level = depth; level > 0; level -= 1) {
    expect(anchor.seeFile(`${chain(level)}/f`)).toBe(chain(level));
    const found = anchor.takeDirectories();
    expect(found.every((name) => name.startsWith(`${chain(level)}/`))).toBe(true);
    taken.push(...found);
  }
  expect(anchor.seeFile("s/f")).toBe("s");
  taken.push(...anchor.takeDirectories());
  expect(taken.sort()).toEqual(["s", ...listed].sort());
});

it.each([
  ["items", `buildpath: /s\nrelocate_textfiles:\n${"- a\n".repeat(2_000_000)}`],
  ["lists in lists", "[".repeat(2_000_000)],
])("refuses a build info with millions of %s", async (_what, text) => {
  const members = [directory("s/p"), file("s/p/.spack/binary_distribution", text)];
  const refused = expect.objectContaining({ code: "ERR_BUILD_INFO_MALFORMED", kind: "corrupt" });
  const growth = await growthOf(() => expect(unpack(members)).rejects.toEqual(refused));
  expect(growth).toBeLessThan(300 * MEGABYTE);
});
