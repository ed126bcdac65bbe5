// Packages are packed for another store or rejected with every reason, and the package itself is only read.

import { linkSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decodeFileName } from "@spack-oci/files";
import { beforeEach, describe, expect, it } from "vitest";
import { parseBuildInfo } from "../../src/build-info/parse-build-info.js";
import { examineMove, type MovedEntry } from "../../src/move/examine-move.js";
import { packMove } from "../../src/move/pack-move.js";
import type { PrefixMove } from "../../src/move/prefix-move.js";
import { readTar } from "../../src/tar/tar-reader.js";
import { chunked, collect } from "../support/bytes.js";
import { temporaryDirectory } from "../support/directories.js";
import { describeTree } from "../support/trees.js";

let directory: string;
let scratch: string;
beforeEach(() => {
  directory = temporaryDirectory();
  scratch = temporaryDirectory();
});

const HASH = "a".repeat(32);
const moveTo = (root: string): PrefixMove => {
  const at = (where: string) => ({
    prefix: `${where}/p`,
    sbangInstallPath: `${where}/bin/sbang`,
    buildPath: where,
    hashToPrefix: new Map([[HASH, `${where}/p`]]),
  });
  return {
    from: { ...at("/home/store"), directory },
    to: { ...at(root), spackPrefix: undefined, relativePrefix: "p" },
  };
};

function write(path: string, content: string, mode = 0o644): string {
  const place = join(directory, path);
  mkdirSync(join(place, ".."), { recursive: true });
  writeFileSync(place, content, { mode });
  return place;
}

type Finish = (path: string) => Promise<boolean>;
const nothing: Finish = async () => false;

/** Members by name below the prefix. */
async function packed(root: string, finish = nothing, generated = new Map<string, string>()) {
  const move = moveTo(root);
  const findings = await examineMove(move, { scratch, finish });
  const options = {
    scratch,
    finish,
    generated: (path: string) => generated.get(path),
  };
  const archive = await collect(packMove(move, findings, options));
  const members = new Map<string, { type: string; content: string; link: string; mode: number }>();
  for await (const member of readTar(chunked(archive))) {
    const { type, name, linkName: link, mode } = member.header;
    const content = decodeFileName(await member.bytes());
    members.set(name.replace(`${root.slice(1)}/p/`, ""), { type, content, link, mode });
  }
  return { members, findings };
}

async function entriesOf(move: PrefixMove): Promise<MovedEntry[]> {
  const entries: MovedEntry[] = [];
  const onEntry = async (entry: MovedEntry) => {
    entries.push(entry);
  };
  const { problems } = await examineMove(move, { scratch, finish: nothing, onEntry });
  expect(problems).toEqual([]);
  return entries;
}

describe("packMove", () => {
  it("relocates files with a known prefix, and lists them as the other store would", async () => {
    write("bin/tool", "\x7fELF\x02\x01\x01\0/home/store/p/share/data\0", 0o555);
    write("etc/conf", "data=/home/store/p/share/data\n", 0o444);
    write("etc/other", "nothing of the kind\n");
    write(".spack/spec.json", "/home/store/p");
    symlinkSync("/home/store/p/etc/conf", join(directory, "absolute"));
    symlinkSync("etc/conf", join(directory, "relative"));
    linkSync(join(directory, "etc/conf"), join(directory, "etc/same"));
    const before = describeTree(directory);
    const { members, findings } = await packed("/opt/st");
    expect(members.get("bin/tool")).toMatchObject({
      mode: 0o755,
      content: "\x7fELF\x02\x01\x01\0/////opt/st/p/share/data\0",
    });
    expect(members.get("etc/conf")).toMatchObject({ mode: 0o644, content: "data=/opt/st/p/share/data\n" });
    expect(members.get("etc/same")).toMatchObject({ type: "hardlink", link: "opt/st/p/etc/conf" });
    expect(members.get("etc/other")?.content).toBe("nothing of the kind\n");
    expect(members.get(".spack/spec.json")?.content).toBe("/home/store/p");
    expect(members.get("absolute")?.link).toBe("/opt/st/p/etc/conf");
    expect(members.get("relative")?.link).toBe("etc/conf");
    expect(parseBuildInfo(members.get(".spack/binary_distribution")?.content ?? "")).toMatchObject({
      buildPath: "/opt/st",
      sbangInstallPath: "/opt/st/bin/sbang",
      relocateBinaries: ["bin/tool"],
      relocateTextFiles: ["etc/conf"],
      relocateLinks: ["absolute"],
    });
    expect([...findings.changed.keys()].sort()).toEqual(["bin/tool", "etc/conf"]);
    expect(describeTree(directory)).toEqual(before);
    expect(readdirSync(scratch)).toEqual([]);
  });

  it("turns the other names of a replaced script into files", async () => {
    const place = write("bin/script", "#!/home/store/p/bin/sh\n", 0o755);
    linkSync(place, join(directory, "bin/twin"));
    write("bin/zero", "no script\n", 0o755);
    const finish: Finish = async (path) => {
      writeFileSync(path, `#!/bin/sh sbang\n${readFileSync(path, "utf8")}`);
      return true;
    };
    const { members } = await packed("/opt/longer/store", finish);
    const script = { type: "file", mode: 0o755, content: "#!/bin/sh sbang\n#!/opt/longer/store/p/bin/sh\n" };
    expect(members.get("bin/script")).toMatchObject(script);
    expect(members.get("bin/twin")).toMatchObject(script);
    expect(members.get("bin/zero")?.content).toBe("no script\n");
    const info = parseBuildInfo(members.get(".spack/binary_distribution")?.content ?? "");
    expect(info.relocateTextFiles).toEqual(["bin/script", "bin/twin"]);
  });

  it("replaces existing generated files, and adds none", async () => {
    write(".spack/manifest", "old");
    const made = join(scratch, "made");
    writeFileSync(made, "new");
    const generated = new Map([".spack/manifest", ".spack/more"].map((path) => [path, made]));
    const { members } = await packed("/opt/st", nothing, generated);
    expect(members.get(".spack/manifest")?.content).toBe("new");
    expect(members.has(".spack/more")).toBe(false);
  });

  it("changes nothing if the package is in that store already", async () => {
    write("etc/conf", "data=/home/store/p/share/data\n");
    const { members, findings } = await packed("/home/store");
    expect(findings.changed.size).toBe(0);
    expect(members.get("etc/conf")?.content).toBe("data=/home/store/p/share/data\n");
  });

  it("is rejected if strings do not fit, and reports each of them as a whole", async () => {
    write("a", "\x7fELF\x02\x01\x01\0one /home/store/p/share/data/of/one\0/home/store/p\0");
    write("b", "/home/store/p in text can grow\n");
    const move = moveTo("/opt/a/longer/store");
    const findings = await examineMove(move, { scratch, finish: nothing });
    const problem = {
      file: "a",
      reason: "cannot-grow",
      oldPrefix: "/home/store/p",
      newPrefix: "/opt/a/longer/store/p",
    };
    expect(findings.problems).toEqual([
      { ...problem, offset: 12, found: "/home/store/p/share/data/of/one" },
      { ...problem, offset: 44, found: "/home/store/p" },
    ]);
    const options = { scratch, finish: nothing, generated: () => undefined };
    expect(() => packMove(move, findings, options)).toThrow(
      expect.objectContaining({ code: "ERR_RELOCATION_BLOCKED" }),
    );
  });

  it("notices strings that do not fit since the examination", async () => {
    write("a", "\x7fELF\x02\x01\x01\0/home/store/p/share/data\0");
    const move = moveTo("/opt/stor/x");
    const options = { scratch, finish: nothing, generated: () => undefined };
    const findings = await examineMove(move, options);
    expect(findings).toMatchObject({ problems: [], changed: new Map([["a", { path: "a" }]]) });
    write("a", "\x7fELF\x02\x01\x01\0/home/store/p\0");
    await expect(collect(packMove(move, findings, options))).rejects.toMatchObject({
      code: "ERR_RELOCATION_BLOCKED",
      problems: [{ file: "a", reason: "cannot-shrink" }],
    });
  });

  it("hashes files as they will be in the archive", async () => {
    write("bin/tool", "\x7fELF\x02\x01\x01\0/home/store/p/share/data\0");
    const entries = await entriesOf(moveTo("/opt/st"));
    const there = temporaryDirectory();
    mkdirSync(join(there, "bin"));
    writeFileSync(join(there, "bin/tool"), "\x7fELF\x02\x01\x01\0/////opt/st/p/share/data\0");
    const move = { ...moveTo("/opt/st"), from: { ...moveTo("/opt/st").to, directory: there } };
    expect(await entriesOf(move)).toEqual(entries);
    expect(entries.map(({ path }) => path)).toEqual(["", "bin", "bin/tool"]);
  });
});
