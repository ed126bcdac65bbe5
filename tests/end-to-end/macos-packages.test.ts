// Packages of macOS are pulled, pushed, repaired, copied and audited on this machine, and no image is made of them.

import { mkdtempSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ImageLayout } from "@spack-oci/oci-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MemoryFile } from "../../packages/files/src/memory-file.js";
import { parseMachO } from "../../packages/spack-tarball/src/macho/macho-file.js";
import {
  fatImage,
  linkerSignedImage,
  machOImage,
  USUAL_PATHS,
} from "../../packages/spack-tarball/test/support/macho-images.js";
import {
  blob,
  oldDirectory,
  signaturesIn,
  superBlob,
} from "../../packages/spack-tarball/test/support/macho-signatures.js";
import { type CommandRun, spackOci } from "../support/command-line.js";
import { scratchDirectory } from "../support/scratch.js";
import {
  pushSynthetic,
  type SpecJson,
  type SyntheticPackage,
  specOf,
} from "../support/synthetic-buildcache.js";
import { tagDigests } from "../support/tag-digests.js";

const ROOT = "/old/store";
const LONG_ROOT = "/old/store/of/somebody/else";
const DARWIN: Pick<SyntheticPackage, "root" | "platform" | "target"> = {
  root: ROOT,
  platform: "darwin",
  target: "m1",
};
/** Of the package with debug information, below its root. */
const DEBUG_PREFIX = `darwin-m1/debug-1-${specOf({ ...DARWIN, name: "debug" }, new Map()).hash}`;
/** An interpreter line that Linux cuts off, and macOS does not. */
const LONG_LINE = `#!${ROOT}/${"x".repeat(200)}/perl\n`;
/** One that macOS cuts off as well. */
const LONGER_LINE = `#!${ROOT}/${"x".repeat(600)}/perl\n`;
const MH_DSYM = 0xa;
const FRAMEWORK = "lib/X.framework";
const DSYM = "lib/plugin.so.dSYM/Contents/Resources/DWARF/plugin.so";
const identity = superBlob([
  [0, oldDirectory()],
  [0x10000, blob(0xfade0b01, Buffer.alloc(4000, 1))],
]);
const library = machOImage({ paths: USUAL_PATHS, padding: 2000, signature: identity });
const archive = Buffer.from(`!<arch>\n\xff${ROOT}/share\0`, "latin1");
const untouched = machOImage({ paths: [[0xc, "/usr/lib/libSystem.B.dylib"]], signature: identity });
const PACKAGES: readonly SyntheticPackage[] = [
  {
    ...DARWIN,
    name: "libx",
    files: {
      "lib/libx.1.dylib": library,
      "lib/libx.dylib": "== lib/libx.1.dylib",
      "lib/libx.a": archive,
      "lib/untouched.dylib": untouched,
      [`${FRAMEWORK}/Versions/A/X`]: library,
      [`${FRAMEWORK}/Versions/Current`]: "-> A",
      [`${FRAMEWORK}/X`]: "-> Versions/Current/X",
    },
  },
  {
    ...DARWIN,
    name: "app",
    dependencies: ["libx"],
    files: {
      "lib/plugin.so": fatImage([
        machOImage({ cpuType: 0x01000007, paths: USUAL_PATHS, padding: 2000 }),
        library,
      ]),
      "bin/script": LONG_LINE,
      "bin/longer-script": LONGER_LINE,
      "lib/full.dylib": machOImage({ paths: USUAL_PATHS, padding: 16 }),
    },
  },
  {
    ...DARWIN,
    name: "debug",
    root: LONG_ROOT,
    files: {
      [DSYM]: machOImage({ fileType: MH_DSYM, text: `${LONG_ROOT}/plugin.c\0` }),
      "lib/libz.dylib": linkerSignedImage({ text: `${LONG_ROOT}/${DEBUG_PREFIX}/share\0` }),
    },
  },
];

const scratch = scratchDirectory("macos");
const layout = (name: string) => `oci-layout:${join(scratch, name)}`;
const short = mkdtempSync("/tmp/m");
const long = join(scratch, "a-longer-root");
afterAll(() => rmSync(short, { recursive: true, force: true }));

function command(...args: string[]): Promise<CommandRun> {
  return spackOci(args, { environment: { HOME: scratch, SOURCE_DATE_EPOCH: "1700000000" } });
}

beforeAll(async () => {
  await pushSynthetic(new ImageLayout(join(scratch, "mirror")), PACKAGES.map(withSpec));
});

/** A package with its spec in its prefix, so that it can be pushed from the store it was pulled into. */
function withSpec(each: SyntheticPackage): SyntheticPackage {
  const specs = new Map<string, SpecJson>();
  for (const other of PACKAGES) specs.set(other.name, specOf(other, specs));
  const own = specs.get(each.name);
  const needed = (each.dependencies ?? []).map((name) => specs.get(name));
  const document = JSON.stringify({ spec: { _meta: { version: 5 }, nodes: [own, ...needed] } });
  return { ...each, files: { ...each.files, ".spack/spec.json": document } };
}

interface Installed {
  readonly planned: readonly { readonly name: string; readonly prefix: string }[];
}

async function pull(root: string, name: string) {
  const run = await command("pull", layout("mirror"), name, "--allarch", "--root", root, "--json");
  const planned = run.json<Installed>().planned ?? [];
  return { ...run, prefix: planned.find((each) => each.name === name)?.prefix ?? "" };
}

function machOAt(path: string) {
  const file = new MemoryFile(readFileSync(path));
  const paths = parseMachO(file)?.map(({ commands }) =>
    commands.flatMap(({ path: found }) => found?.value.toString() ?? []),
  );
  return { paths, signatures: signaturesIn(file) };
}

describe.each([
  ["a short root", short],
  ["a long root", long],
])("packages of macOS below %s", (_, root) => {
  const moved = USUAL_PATHS.map(([, path]) => path.replace(ROOT, root));
  let run: Awaited<ReturnType<typeof pull>>;
  beforeAll(async () => {
    run = await pull(root, "libx");
  });

  it("have new paths and signatures, and keep hard links", () => {
    expect(run.status).toBe(0);
    const path = join(run.prefix, "lib/libx.1.dylib");
    expect(machOAt(path)).toMatchObject({
      paths: [moved],
      signatures: [{ identifier: "libx.1", wrongPages: [] }],
    });
    expect(statSync(path).ino).toBe(statSync(join(run.prefix, "lib/libx.dylib")).ino);
  });

  it("have frameworks, whose links stay", () => {
    const path = join(run.prefix, FRAMEWORK);
    expect(readlinkSync(join(path, "X"))).toBe("Versions/Current/X");
    expect(machOAt(join(path, "X"))).toMatchObject({
      paths: [moved],
      signatures: [{ identifier: expect.stringMatching(/^X-[0-9a-f]{40}$/), wrongPages: [] }],
    });
  });

  it("keep files that do not change, and archives of objects", () => {
    expect(readFileSync(join(run.prefix, "lib/libx.a"))).toEqual(archive);
    expect(readFileSync(join(run.prefix, "lib/untouched.dylib"))).toEqual(untouched);
  });

  it("are pulled with a warning of the signatures that they lose", () => {
    expect(run.stderr).toMatch(/files of libx@1.* signed with an identity: .*lib\/libx\.1\.dylib/);
  });
});

it("moves a package below a shorter root, with the limits of its platform", async () => {
  const run = await pull(short, "app");
  expect(run.status).toBe(0);
  const moved = USUAL_PATHS.map(([, path]) => path.replace(ROOT, short));
  expect(machOAt(join(run.prefix, "lib/plugin.so"))).toMatchObject({
    paths: [moved, moved],
    signatures: [{ wrongPages: [] }],
  });
  expect(readFileSync(join(run.prefix, "bin/script"), "utf8")).toBe(LONG_LINE.replace(ROOT, short));
  expect(readFileSync(join(run.prefix, "bin/longer-script"), "utf8")).toBe(
    `#!/bin/sh ${short}/bin/sbang\n${LONGER_LINE.replace(ROOT, short)}`,
  );
});

it("relocates the paths in debug information, which nothing loads as code", async () => {
  const run = await pull(short, "debug");
  expect(run.status).toBe(0);
  const debugInfo = readFileSync(join(run.prefix, DSYM));
  expect(debugInfo.includes(`/${short}/plugin.c\0`)).toBe(true);
  expect(signaturesIn(new MemoryFile(debugInfo))).toEqual([]);
});

it("signs copies in a view, and warns of the signatures that they lose", async () => {
  await pull(short, "debug");
  const prefix = join(short, DEBUG_PREFIX);
  const signed = machOImage({ text: `${prefix}/share\0`, padding: 2000, signature: identity });
  writeFileSync(join(prefix, "lib/signed.dylib"), signed);
  const view = join(short, "view");
  const run = await command("view", view, "debug", "--link", "copy", "--root", short);
  expect(run.status).toBe(0);
  const copy = new MemoryFile(readFileSync(join(view, "lib/libz.dylib")));
  expect(copy.bytes.includes(`/${view}/share\0`)).toBe(true);
  expect(signaturesIn(copy)).toMatchObject([{ wrongPages: [] }]);
  expect(run.stderr).toMatch(/files of debug@1.* signed with an identity: lib\/signed\.dylib\./);
});

it("says how many bytes a longer root lacks", async () => {
  const run = await pull(long, "app");
  expect(run.status).toBe(1);
  expect(run.stderr).toMatch(
    /lib\/full\.dylib: .* \(its load commands lack \d+ bytes before the first section\)/,
  );
  expect(run.stderr).toContain("-headerpad_max_install_names");
});

it("gives the same packages from any store that is pushed to one install tree", async () => {
  const push = (name: string, store: string) =>
    command(
      "push",
      layout(name),
      "libx",
      "--store",
      store,
      "--relocate-to",
      "/canonical/root",
      "--update-index",
    );
  expect(await push("from-short", short)).toMatchObject({ status: 0 });
  expect(await push("from-long", long)).toMatchObject({ status: 0 });
  expect(await tagDigests(layout("from-short"))).toEqual(await tagDigests(layout("from-long")));
});

it("copies, audits and repairs packages of macOS", async () => {
  expect(await command("copy", layout("mirror"), layout("copied"))).toMatchObject({ status: 0 });
  expect(await tagDigests(layout("copied"))).toEqual(await tagDigests(layout("mirror")));
  const audit = await command("audit", layout("copied"), "--json");
  expect(audit.json()).toMatchObject({
    roots: [
      { root: ROOT, packages: 2 },
      { root: LONG_ROOT, packages: 1 },
    ],
  });
  const repair = await command(
    "repair",
    layout("copied"),
    "--relocate-to",
    "/canonical/root/of/all",
    "--json",
  );
  expect(repair.json()).toMatchObject({
    repaired: [{}, {}],
    unrelocatable: [
      { name: "app", problems: [{ file: "lib/full.dylib", reason: "no-header-room", missing: 24 }, {}, {}] },
    ],
  });
  expect(repair.stderr).toContain("signed with an identity");
});

it("makes no image of packages of macOS", async () => {
  const run = await command("image", layout("mirror"), "libx", "--tag", "image");
  expect(run.status).not.toBe(0);
  expect(run.stderr).toContain("is for macOS, and images run on Linux.");
  const chosen = await command(
    "image",
    layout("mirror"),
    "libx",
    "--tag",
    "image",
    "--platform",
    "linux/arm64",
  );
  expect(chosen.stderr).toContain("darwin/arm64");
});
