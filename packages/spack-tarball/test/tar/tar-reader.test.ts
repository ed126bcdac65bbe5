// Archives of other tools and dialects are read, and broken ones are rejected.

import { linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decodeFileName } from "@spack-oci/files";
import { pack } from "tar-stream";
import { describe, expect, it } from "vitest";
import type { TarHeader } from "../../src/tar/tar-entry.js";
import { readTar } from "../../src/tar/tar-reader.js";
import { chunked, collect } from "../support/bytes.js";
import { temporaryDirectory } from "../support/directories.js";
import {
  END_OF_ARCHIVE,
  file,
  hardlink,
  rawMember,
  rawPax,
  rawTar,
  sealed,
  symlink,
} from "../support/raw-tar.js";
import { available, run } from "../support/tools.js";

interface Member extends TarHeader {
  readonly content: string;
}

async function read(archive: Buffer, chunkSize = 512): Promise<Member[]> {
  const members: Member[] = [];
  for await (const member of readTar(chunked(archive, chunkSize))) {
    const content = await collect(member.content());
    members.push({ ...member.header, content: content.toString("latin1") });
  }
  return members;
}

/** Chunks whose memory is used for something else once the next one is requested. */
async function* fleeting(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for await (const chunk of chunked(bytes, size)) {
    const memory = Buffer.from(chunk);
    yield memory;
    memory.fill("x");
  }
}

const malformed = expect.objectContaining({ code: "ERR_TAR_MALFORMED", kind: "corrupt" });
const truncated = expect.objectContaining({ code: "ERR_TAR_TRUNCATED", kind: "corrupt" });
const LONG = `${"directory/".repeat(26)}file`;

/** One member of each type, with names that are too long for header fields or not ASCII. */
const MEMBERS = [
  { type: "directory", name: "top", mode: 0o755 },
  { type: "file", name: "top/empty", content: "" },
  { type: "file", name: "top/block", content: "b".repeat(512) },
  { type: "file", name: "top/more", content: "m".repeat(513), mode: 0o755 },
  { type: "file", name: LONG, content: "long" },
  { type: "file", name: `${"x".repeat(99)}/${"y".repeat(100)}`, content: "split" },
  { type: "file", name: "top/données €", content: "utf8" },
  { type: "symlink", name: "top/link", linkName: "../elsewhere" },
  { type: "symlink", name: `${LONG}-link`, linkName: `${LONG}/target` },
  { type: "hardlink", name: "top/hard", linkName: "top/block" },
  { type: "hardlink", name: "top/long-hard", linkName: LONG },
] as const;

const EXPECTED = MEMBERS.map((member) => ({
  type: member.type as string,
  name: member.name as string,
  linkName: "linkName" in member ? (member.linkName as string) : "",
  content: "content" in member ? (member.content as string) : "",
  mode: "mode" in member ? (member.mode as number) : 0o644,
  mtime: 1_000_000_000,
}));

const comparable = (members: readonly Member[]) =>
  members.map(({ type, name, linkName, content, mode, mtime }) => ({
    type: type as string,
    name: name.replace(/\/$/, ""),
    linkName,
    content,
    mode,
    mtime,
  }));

describe("a transient source", () => {
  it.each([100, 512, 700, 5000, 200_000])("may use the memory of chunks of %i bytes again", async (size) => {
    const archive = rawTar([
      rawPax({ path: LONG }),
      file("renamed", "long"),
      file("large", "l".repeat(150_000)),
      file("small", "s"),
    ]);
    const found: [string, string][] = [];
    const kept: Buffer[] = [];
    for await (const member of readTar(fleeting(archive, size), { isTransient: true })) {
      const bytes = await member.bytes();
      kept.push(bytes);
      found.push([member.header.name, bytes.toString()]);
    }
    expect(found).toEqual([
      [LONG, "long"],
      ["large", "l".repeat(150_000)],
      ["small", "s"],
    ]);
    // What had to be joined is freed.
    if (size < 150_000) expect(kept[1]?.length).toBe(0);
  });
});

describe("archives of other tools", () => {
  it("reads what tar-stream writes", async () => {
    const packer = pack();
    const types = { file: "file", directory: "directory", symlink: "symlink", hardlink: "link" } as const;
    for (const { type, name, linkName, content, mode, mtime } of EXPECTED) {
      const header = { name, mode, mtime: new Date(mtime * 1000), type: types[type as keyof typeof types] };
      packer.entry(linkName === "" ? header : { ...header, linkname: linkName }, content);
    }
    packer.finalize();
    expect(comparable(await read(await collect(packer as unknown as AsyncIterable<Buffer>)))).toEqual(
      EXPECTED,
    );
  });

  it.runIf(available("python3")).each(["USTAR", "GNU", "PAX"])(
    "reads what Python's tarfile writes in %s format",
    async (format) => {
      const storable = EXPECTED.filter(
        ({ name, linkName }) => format !== "USTAR" || (!name.startsWith(LONG) && linkName !== LONG),
      );
      const script = `
import io, json, sys, tarfile
types = {"file": tarfile.REGTYPE, "directory": tarfile.DIRTYPE, "symlink": tarfile.SYMTYPE, "hardlink": tarfile.LNKTYPE}
with tarfile.open(fileobj=sys.stdout.buffer, mode="w|", format=tarfile.${format}_FORMAT) as tar:
    for member in json.load(sys.stdin):
        info = tarfile.TarInfo(member["name"])
        info.type, info.linkname, info.mode, info.mtime = types[member["type"]], member["linkName"], member["mode"], member["mtime"]
        info.size = len(member["content"])
        tar.addfile(info, io.BytesIO(member["content"].encode()))
`;
      const archive = run("python3", ["-c", script], JSON.stringify(storable));
      for (const size of [1, 100, 512, 1 << 20])
        expect(comparable(await read(archive, size))).toEqual(storable);
    },
  );

  it.runIf(available("python3"))(
    "reads names of any bytes, fractional times and 9 GB from Python's tarfile",
    async () => {
      const script = `
import os, sys, tarfile
def header(name, **fields):
    info = tarfile.TarInfo(name)
    for key, value in fields.items():
        setattr(info, key, value)
    return info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")
link = header(os.fsdecode(b"bad-\\xff-\\xe2\\x82-name"), type=tarfile.SYMTYPE, linkname=os.fsdecode(b"to-\\xfe"), mtime=1.5)
sys.stdout.buffer.write(link + header("large", size=9 * 2**30))
`;
      const archive = run("python3", ["-c", script]);
      const headers: TarHeader[] = [];
      const reading = (async () => {
        for await (const { header } of readTar(chunked(archive))) headers.push(header);
      })();
      await expect(reading).rejects.toEqual(truncated);
      expect(headers).toEqual([
        {
          name: decodeFileName(Buffer.from("bad-\xff-\xe2\x82-name", "latin1")),
          linkName: decodeFileName(Buffer.from("to-\xfe", "latin1")),
          type: "symlink",
          mode: 0o644,
          mtime: 1,
          size: 0,
        },
        expect.objectContaining({ name: "large", size: 9 * 2 ** 30 }),
      ]);
    },
  );

  it.runIf(available("tar")).each(["v7", "ustar", "oldgnu", "gnu", "pax"])(
    "reads what GNU tar writes in %s format",
    async (format) => {
      const root = temporaryDirectory();
      const short = format === "v7" || format === "ustar";
      mkdirSync(join(root, "d", short ? "s" : "deep/".repeat(40)), { recursive: true });
      writeFileSync(join(root, "d/a"), "content");
      linkSync(join(root, "d/a"), join(root, "d/b"));
      symlinkSync("../x", join(root, "d/c"));
      if (!short) writeFileSync(join(root, "d", "deep/".repeat(40), "file"), "far down");
      const archive = run("tar", ["-C", root, "--sort=name", `--format=${format}`, "-cf", "-", "d"]);
      const members = await read(archive);
      const listed = run("tar", ["-tf", "-"], archive).toString().trim().split("\n");
      expect(members.map(({ name }) => name)).toEqual(listed);
      expect(
        members
          .filter(({ name }) => /^d\/[abc]$/.test(name))
          .map(({ type, linkName, content }) => [type, linkName, content]),
      ).toEqual([
        ["file", "", "content"],
        ["hardlink", "d/a", ""],
        ["symlink", "../x", ""],
      ]);
      expect(members.every(({ name, type }) => name.endsWith("/") === (type === "directory"))).toBe(true);
      if (!short) expect(members.at(-1)).toMatchObject({ content: "far down" });
    },
  );
});

describe("archives written by hand", () => {
  it("takes only V7 names with a trailing slash for directories", async () => {
    const members = await read(
      rawTar([
        { name: "a/", type: "\0", magic: "\0" },
        { name: "b", type: "\0" },
        { name: "c/", type: "0" },
      ]),
    );
    expect(members.map(({ type }) => type)).toEqual(["directory", "file", "file"]);
  });

  it("reads a size in base 256", async () => {
    const size = Buffer.alloc(12);
    size[0] = 0x80;
    size.writeUIntBE(5, 6, 6);
    expect(await read(rawTar([{ name: "a", content: "12345", size }, file("b")]))).toMatchObject([
      { name: "a", size: 5, content: "12345" },
      { name: "b" },
    ]);
  });

  it("reads a negative time in base 256", async () => {
    const block = rawMember(file("a"));
    block.fill(0xff, 136, 148);
    expect(await read(Buffer.concat([sealed(block), END_OF_ARCHIVE]))).toMatchObject([{ mtime: -1 }]);
  });

  it("joins the prefix of ustar, and ignores GNU's field at the same offset", async () => {
    const gnu = { name: "n", prefix: "12345670123", magic: "ustar  \0" };
    expect(await read(rawTar([{ name: "n", prefix: "p/q" }, gnu]))).toMatchObject([
      { name: "p/q/n" },
      { name: "n" },
    ]);
  });

  it("prefers pax records over global ones, and those over the block", async () => {
    const archive = rawTar([
      rawPax({ mtime: "7", comment: "x" }, "g"),
      file("a"),
      rawPax({ mtime: "8.9", path: "other", size: "3" }),
      { ...file("b", "abc"), size: 0 },
      rawPax({ mtime: "9" }, "g"),
      file("c"),
    ]);
    expect(await read(archive)).toMatchObject([
      { name: "a", mtime: 7 },
      { name: "other", mtime: 8, content: "abc" },
      { name: "c", mtime: 9 },
    ]);
  });

  it("keeps an equals sign, a newline and arbitrary bytes in a pax value", async () => {
    const path = Buffer.from("a=b\nc d\xff", "latin1");
    expect(await read(rawTar([rawPax({ path }), file("x")]))).toMatchObject([{ name: decodeFileName(path) }]);
  });

  it("reads no content of links and directories, regardless of their size field", async () => {
    const archive = rawTar([
      { ...symlink("l", "t"), size: 700 },
      { ...hardlink("h", "t"), size: 700 },
      { name: "d/", type: "5", size: 700 },
      file("f", "x"),
    ]);
    expect((await read(archive)).map(({ name, size }) => [name, size])).toEqual([
      ["l", 0],
      ["h", 0],
      ["d/", 0],
      ["f", 1],
    ]);
  });

  it("reports devices, pipes and unknown types as other", async () => {
    const members = await read(rawTar(["3", "4", "6", "V"].map((type) => ({ name: type, type }))));
    expect(members.map(({ type }) => type)).toEqual(["other", "other", "other", "other"]);
  });

  it("skips unread content", async () => {
    const names: string[] = [];
    for await (const { header, content } of readTar(
      chunked(rawTar([file("a", "x".repeat(5000)), file("b", "y".repeat(3000)), file("c")]), 700),
    )) {
      names.push(header.name);
      if (header.name === "b") continue;
      void content;
    }
    expect(names).toEqual(["a", "b", "c"]);
  });

  it("skips the rest of a member that was read in part", async () => {
    const names: string[] = [];
    for await (const member of readTar(chunked(rawTar([file("a", "x".repeat(5000)), file("b")]), 700))) {
      names.push(member.header.name);
      for await (const _ of member.content()) break;
    }
    expect(names).toEqual(["a", "b"]);
  });

  it("reads and ignores bytes after the end of the archive", async () => {
    let last = 0;
    async function* counted() {
      for await (const chunk of chunked(Buffer.concat([rawTar([file("a")]), Buffer.alloc(9000, "x")]), 100)) {
        last += chunk.length;
        yield chunk;
      }
    }
    for await (const _ of readTar(counted()));
    expect(last).toBe(512 + 1024 + 9000);
  });

  it("accepts the end of the stream after a member as the end of the archive, as Spack does", async () => {
    const archive = rawTar([file("a", "x"), file("b", "y".repeat(512))]);
    const withoutEnd = archive.subarray(0, archive.length - END_OF_ARCHIVE.length);
    expect((await read(withoutEnd)).map(({ name }) => name)).toEqual(["a", "b"]);
  });
});

describe("broken archives", () => {
  const archive = rawTar([rawPax({ path: "a/b" }), file("x", "y".repeat(2000)), file("z")]);
  const boundaries = [1024 + 512 + 2048, 1024 + 512 + 2048 + 512];

  it("that end anywhere but after a member are truncated", async () => {
    for (let length = 0; length < archive.length - END_OF_ARCHIVE.length; length += 1) {
      if (boundaries.includes(length)) continue;
      await expect(read(archive.subarray(0, length), 1 << 20), `${length} bytes`).rejects.toEqual(truncated);
    }
  });

  it("with a wrong byte in a header are malformed", async () => {
    for (let at = 0; at < 512; at += 1) {
      const wrong = Buffer.from(archive);
      wrong[at] = (wrong[at] ?? 0) ^ 0x15;
      // Blanks and NULs around the digits of the checksum have no meaning.
      if (at >= 154 && at < 156) continue;
      await expect(read(wrong), `byte ${at}`).rejects.toEqual(malformed);
    }
  });

  it.each([
    ["something that is not a number", sealed(changed(rawMember(file("a")), 124, "abc"))],
    ["a number that is too large", rawMember({ name: "a", size: Buffer.alloc(12, 0x7f).fill(0x80, 0, 1) })],
    ["a negative size", rawMember({ name: "a", size: Buffer.alloc(12, 0xff) })],
    ["a pax size that is not a number", Buffer.concat([rawPax({ size: "many" }), rawMember(file("a"))])],
    ["a negative pax size", Buffer.concat([rawPax({ size: "-1" }), rawMember(file("a"))])],
    ["a pax time that is not a number", Buffer.concat([rawPax({ mtime: "noon" }), rawMember(file("a"))])],
    ["an unterminated pax record", rawMember({ name: "p", type: "x", content: "99 path=a\n" })],
    ["a pax record without length", rawMember({ name: "p", type: "x", content: "path=a\n" })],
    ["a pax record of length 0", rawMember({ name: "p", type: "x", content: "0 path=a\n" })],
    ["a pax record shorter than itself", rawMember({ name: "p", type: "x", content: "3 path=a\n" })],
    ["a pax record of negative length", rawMember({ name: "p", type: "x", content: "-9 path=a\n" })],
    ["a pax record without value", rawMember({ name: "p", type: "x", content: "7 path\n" })],
    ["an extended header that is too long", rawMember({ name: "p", type: "x", size: 0o77777777777 })],
    ["a GNU sparse file", rawMember({ name: "s", type: "S", content: "x" })],
    ["a pax sparse file", Buffer.concat([rawPax({ "GNU.sparse.major": "1" }), rawMember(file("a", "x"))])],
    ["text", Buffer.from("This is no archive at all. ".repeat(100))],
  ])("with %s are malformed", async (_, bytes) => {
    await expect(read(Buffer.concat([bytes, END_OF_ARCHIVE]))).rejects.toEqual(malformed);
  });

  it("pass on an error of the stream unchanged", async () => {
    const failure = new Error("cut off");
    await expect(
      (async () => {
        for await (const _ of readTar(chunked(archive, 512, failure)));
      })(),
    ).rejects.toBe(failure);
  });
});

describe("the stream under an archive", () => {
  it.each([
    ["whose reader stops", rawTar([file("a", "x".repeat(5000)), file("b")])],
    ["that is malformed", Buffer.concat([rawMember(file("a")), Buffer.alloc(4096, "x")])],
  ])("is closed: %s", async (_, bytes) => {
    let closed = false;
    async function* source() {
      try {
        yield* chunked(bytes, 512);
      } finally {
        closed = true;
      }
    }
    try {
      for await (const member of readTar(source())) if (member.header.size > 0) break;
    } catch (error) {
      expect(error).toEqual(malformed);
    }
    expect(closed).toBe(true);
  });
});

function changed(bytes: Buffer, at: number, text: string): Buffer {
  bytes.write(text, at);
  return bytes;
}
