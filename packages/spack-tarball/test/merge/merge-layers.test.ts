// A merged layer unpacks to the same tree as its sources in sequence.

import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeLayers } from "../../src/merge/merge-layers.js";
import { readTar } from "../../src/tar/tar-reader.js";
import { chunked, collect } from "../support/bytes.js";
import { ModelConflict, type ModelMember, modelTree } from "../support/layer-model.js";
import { directory, file, hardlink, type RawMember, rawPax, rawTar, symlink } from "../support/raw-tar.js";

const raw = (member: ModelMember): RawMember => {
  const { name, content = "", mode = 0o644 } = member;
  const slash = name.lastIndexOf("/") + 1;
  switch (member.type) {
    case "directory":
      return { ...directory(name), mode };
    case "file":
      return { ...file(name, content), mode };
    case "symlink":
      return { ...symlink(name, content), mode };
    case "hardlink":
      return hardlink(name, content);
    case "whiteout":
      return file(`${name.slice(0, slash)}.wh.${name.slice(slash)}`);
    case "opaque":
      return file(`${name}/.wh..wh..opq`);
  }
};

const source = (archive: Buffer) => () => chunked(gzipSync(archive));
const merged = (archives: readonly Buffer[]) => collect(mergeLayers(archives.map(source)));

/** Members in the form of the model. */
async function read(archive: Buffer): Promise<ModelMember[]> {
  const members: ModelMember[] = [];
  for await (const member of readTar(chunked(archive))) {
    const { type, mode, linkName, name: spelled } = member.header;
    const name = spelled.replace(/\/$/, "");
    const slash = name.lastIndexOf("/") + 1;
    const base = name.slice(slash);
    if (base === ".wh..wh..opq") members.push({ type: "opaque", name: name.slice(0, slash - 1) });
    else if (base.startsWith(".wh."))
      members.push({ type: "whiteout", name: name.slice(0, slash) + base.slice(4) });
    else if (type === "file")
      members.push({ type, name, mode, content: (await collect(member.content())).toString() });
    else if (type !== "other") members.push({ type, name, mode, content: linkName });
  }
  return members;
}

async function mergedMembers(...layers: readonly (readonly ModelMember[])[]): Promise<ModelMember[]> {
  return read(await merged(layers.map((layer) => rawTar(layer.map(raw)))));
}

describe("layers of any content", () => {
  const names = fc.constantFrom("a", "b", "c");
  const paths = fc.array(names, { minLength: 1, maxLength: 3 }).map((components) => components.join("/"));
  const kinds = fc.constantFrom("file", "file", "hardlink", "symlink", "directory", "whiteout", "opaque");
  const layer = (number: number) =>
    fc
      .record({
        members: fc.uniqueArray(fc.tuple(paths, kinds), { selector: ([path]) => path, maxLength: 6 }),
        lists: fc.boolean(),
      })
      .map(({ members, lists }) => layerOf(number, members, lists));

  it("give the same tree when merged", async () => {
    const stacks = fc.tuple(layer(0), layer(1), layer(2), layer(3));
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(stacks, async ([base, ...layers]) => {
        const expected = outcomeOf(() => modelTree([base, ...layers]));
        fc.pre(expected !== undefined);
        const one = await mergedMembers(...layers);
        const keys = one.map(({ type, name }) => `${type.replace(/^[dfhs].*/, "member")} ${name}`);
        expect(new Set(keys).size).toBe(keys.length);
        expect(modelTree([base, one])).toEqual(expected);
        compared += 1;
      }),
      { numRuns: 400 },
    );
    expect(compared).toBeGreaterThan(100);
  });
});

function outcomeOf<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof ModelConflict) return undefined;
    throw error;
  }
}

/** A valid layer: only directories contain anything, links have targets, and no path is both removed and added. */
function layerOf(
  number: number,
  wanted: readonly (readonly [string, string])[],
  lists: boolean,
): ModelMember[] {
  const members: ModelMember[] = [];
  const files: string[] = [];
  const isFree = (name: string) =>
    members.every(
      (other) =>
        other.name !== name &&
        !(other.type !== "directory" && other.type !== "opaque" && name.startsWith(`${other.name}/`)) &&
        !other.name.startsWith(`${name}/`),
    );
  for (const [name, kind] of wanted) {
    if (!isFree(name)) continue;
    if (lists) {
      const components = name.split("/").slice(0, -1);
      for (const [index] of components.entries()) {
        const parent = components.slice(0, index + 1).join("/");
        if (!members.some((other) => other.name === parent && other.type === "directory"))
          members.push({ type: "directory", name: parent, mode: 0o755 });
      }
    }
    const target = files.at(-1);
    if (kind === "hardlink" && target === undefined) continue;
    if (kind === "file") files.push(name);
    const own = kind === "file" || kind === "symlink" ? `${number}:${name}` : "";
    const content = kind === "hardlink" ? (target ?? "") : own;
    members.push({ type: kind as ModelMember["type"], name, mode: 0o700 + number, content });
  }
  return members;
}

describe("members", () => {
  it("keep their headers unchanged", async () => {
    const long = `s/${"n".repeat(120)}`;
    const strange = { ...file("s/strange", "content"), mode: 0o4755, mtime: 12345 };
    const lower = rawTar([directory("s"), strange, rawPax({ path: long, mtime: "1.5" }), file("short", "x")]);
    const upper = rawTar([directory("s"), file("s/other")]);
    const text = (await merged([lower, upper])).toString("latin1");
    for (const kept of [strange, file("short", "x")]) {
      const block = rawTar([kept]).toString("latin1").slice(0, 512);
      expect(text).toContain(block);
    }
    expect(text).toContain("mtime=1.5");
  });

  it("are followed by the end of an archive", async () => {
    const archive = await merged([rawTar([file("a", "1")]), rawTar([file("b", "2")])]);
    expect(archive.length % 10240).toBe(0);
    expect(archive.subarray(-1024)).toEqual(Buffer.alloc(1024));
  });

  it("that another layer replaces occur once", async () => {
    const one = await mergedMembers(
      [{ type: "file", name: "a", content: "old" }],
      [{ type: "file", name: "a", content: "new" }],
    );
    expect(one).toEqual([{ type: "file", name: "a", mode: 0o644, content: "new" }]);
  });

  it("that link to a replaced file become that file", async () => {
    const one = await mergedMembers(
      [
        { type: "file", name: "a", content: "old" },
        { type: "hardlink", name: "b", content: "a" },
        { type: "hardlink", name: "c", content: "b" },
      ],
      [{ type: "file", name: "a", content: "new" }],
    );
    expect(one.slice(1)).toMatchObject([
      { type: "file", name: "b", content: "old" },
      { type: "hardlink", name: "c", content: "b" },
    ]);
  });
});

describe("mergeLayers rejects", () => {
  const refused = { code: "ERR_LAYERS_UNMERGEABLE", kind: "unsupported" };

  it("an unlisted directory that is a link in a lower layer", async () => {
    const below = rawTar([symlink("a", "elsewhere")]);
    await expect(merged([below, rawTar([file("a/b")])])).rejects.toMatchObject(refused);
  });

  it("a link whose target is in no layer", async () => {
    await expect(merged([rawTar([hardlink("a", "gone")])])).rejects.toMatchObject(refused);
  });

  it("a global header, which applies to all members", async () => {
    const layer = rawTar([rawPax({ mtime: "5" }, "g"), file("a")]);
    await expect(merged([layer])).rejects.toMatchObject(refused);
  });
});

it("fails with the error of a layer", async () => {
  const failing = () => chunked(gzipSync(rawTar([file("a", "1")])), 4096, new Error("cut"));
  await expect(collect(mergeLayers([failing]))).rejects.toThrow("cut");
});
