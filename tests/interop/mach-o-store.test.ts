// A store of macOS is pulled as a Python script with macholib relocates it.

import { randomBytes } from "node:crypto";
import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ImageLayout } from "@spack-oci/oci-client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { fatImage, machOImage } from "../../packages/spack-tarball/test/support/macho-images.js";
import { type CommandRun, spackOci } from "../support/command-line.js";
import { scratchDirectory } from "../support/scratch.js";
import { pushSynthetic, type SyntheticPackage, specOf } from "../support/synthetic-buildcache.js";
import { machOSamples, packageOf, SIGNED_BY_DEVELOPER } from "./support/mach-o-samples.js";
import { describeWithSpack } from "./support/spack.js";
import { output } from "./support/tool.js";

/** As long as `/usr/lib`, whose place it takes in real files, and as roots in `/tmp` with three characters. */
const OLD = "/old/sto";
const MAX_SIZE = 6e6;
const MINUTES = 600_000;
const X86 = 0x01000007;

const script = fileURLToPath(new URL("support/relocate-macos.py", import.meta.url));
const library = join(process.env["SPACK_TEST_ROOT"] ?? "", "lib/spack");
const scratch = scratchDirectory("mach-o-store");
const layout = (name: string) => `oci-layout:${join(scratch, name)}`;

const samples = machOSamples().filter((file) => statSync(file).size < MAX_SIZE);
/** One of each package, the one of a developer and all that are universal or were signed by codesign. */
const chosen = samples.filter(
  (file) =>
    file.endsWith(SIGNED_BY_DEVELOPER) ||
    /objc|pyzmq|gfortran|libgcc|openblas/.test(file) ||
    samples.find((other) => packageOf(other) === packageOf(file)) === file,
);
const contents = new Map(
  chosen.map((file, index) => [`lib/${index}-${basename(file)}`, inStore(readFileSync(file))]),
);

/** A file that was linked with libraries of a store. Signatures are those of the real file. */
function inStore(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString("latin1").replaceAll("/usr/lib/lib", `${OLD}/lib`), "latin1");
}

/** Whether a path is only in the load commands, which can become longer. */
function canMoveAnywhere(bytes: Buffer): boolean {
  const last = bytes.toString("latin1").lastIndexOf(`${OLD}/`);
  return bytes.readUInt32BE(0) !== 0xcafebabe && last < 4096;
}

const darwin = { root: OLD, platform: "darwin", target: "m1" };
const prefixOf = (name: string) =>
  `${darwin.platform}-m1/${name}-1-${specOf({ ...darwin, name }, new Map()).hash}`;
const paths = (name: string) =>
  [
    [0xd, `${OLD}/${prefixOf(name)}/lib/libx.dylib`],
    [0xc, "/usr/lib/libSystem.B.dylib"],
    [0x80000018, `${OLD}/${prefixOf(name)}/lib/libweak.dylib`],
    [0x8000001c, `${OLD}/${prefixOf(name)}/lib`],
    [0x8000001c, "@loader_path/../lib"],
  ] as const;
const made = (name: string): NonNullable<SyntheticPackage["files"]> => {
  const library = machOImage({ paths: paths(name), padding: 2000 });
  return {
    "lib/libx.1.dylib": library,
    "lib/libx.dylib": "== lib/libx.1.dylib",
    "lib/libx.link": `-> ${OLD}/${prefixOf(name)}/lib/libx.dylib`,
    "lib/universal.so": fatImage([machOImage({ cpuType: X86, paths: paths(name), padding: 2000 }), library]),
    "lib/X.framework/Versions/A/X": library,
    "lib/X.framework/X": "-> Versions/A/X",
    "lib/object.o": machOImage({ fileType: 1, cpuType: X86, paths: [[0xc, "/usr/lib/libSystem.B.dylib"]] }),
    "lib/libx.a": Buffer.from(`!<arch>\n\xff${OLD}/share\0`, "latin1"),
    "share/text": `prefix=${OLD}/${prefixOf(name)}\nlib=${OLD}/${prefixOf(name)}/lib\n`,
    "bin/script": `#!${OLD}/${"x".repeat(300)}/perl\nprint\n`,
    "bin/long-script": `#!${OLD}/${"x".repeat(600)}/perl\nprint\n`,
  };
};
const movable = [...contents].filter(([, bytes]) => canMoveAnywhere(bytes));
const PACKAGES: readonly SyntheticPackage[] = [
  { ...darwin, name: "anywhere", files: { ...made("anywhere"), ...Object.fromEntries(movable) } },
  { ...darwin, name: "everything", files: { ...made("everything"), ...Object.fromEntries(contents) } },
];

function command(...args: string[]): Promise<CommandRun> {
  return spackOci(args, { environment: { HOME: scratch, SOURCE_DATE_EPOCH: "1700000000" } });
}

const roots: string[] = [];
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true, force: true });
});

/** A root in `/tmp` with so many characters, which does not exist yet. */
function freshRoot(length: number): string {
  for (let tries = 0; tries < 100; tries += 1) {
    const root = `/tmp/${randomBytes(length).toString("hex")}`.slice(0, length);
    if (existsSync(root)) continue;
    mkdirSync(root);
    roots.push(root);
    return root;
  }
  throw new Error(`no free directory with ${length} characters in /tmp`);
}

interface Signature {
  readonly flags: number;
  readonly wrong: readonly number[];
  readonly wrongBlobs: readonly number[];
  readonly entitlements: readonly string[];
  readonly certified: boolean;
}

interface Description {
  readonly files: Record<string, { architectures?: { commands: string[]; signature: Signature | null }[] }>;
}

async function described(prefix: string): Promise<Description> {
  return JSON.parse(await output("python3", "-B", script, library, "describe", prefix));
}

/** Signatures by file, and everything else. */
function apart({ files, ...rest }: Description) {
  const signatures: Record<string, (Signature | null)[]> = {};
  const others = Object.entries(files).map(([name, { architectures, ...file }]) => {
    if (architectures === undefined) return [name, file];
    signatures[name] = architectures.map(({ signature }) => signature);
    return [name, { ...file, architectures: architectures.map(({ signature: _, ...each }) => each) }];
  });
  return { signatures, tree: { ...rest, files: Object.fromEntries(others) } };
}

/** Writes the files of a package as they were built. */
function build(name: string, prefix: string): void {
  for (const [path, content] of Object.entries(PACKAGES.find((each) => each.name === name)?.files ?? {})) {
    const place = join(prefix, path);
    mkdirSync(dirname(place), { recursive: true });
    if (typeof content !== "string") writeFileSync(place, content, { mode: 0o644 });
    else if (content.startsWith("-> ")) symlinkSync(content.slice(3), place);
    else if (content.startsWith("== ")) linkSync(join(prefix, content.slice(3)), place);
    else writeFileSync(place, content, { mode: path.startsWith("bin/") ? 0o755 : 0o644 });
  }
}

/** Compares a package of a root with what the script makes of it. @returns new signatures by file */
async function compared(name: string, root: string): Promise<Record<string, (Signature | null)[]>> {
  const expected = join(scratch, "expected");
  rmSync(expected, { recursive: true, force: true });
  build(name, expected);
  const before = apart(await described(expected)).signatures;
  await output("python3", "-B", script, library, "relocate", expected, OLD, root);
  const found = apart(await described(join(root, prefixOf(name))));
  expect(found.tree).toEqual(apart(await described(expected)).tree);
  for (const [file, signatures] of Object.entries(found.signatures)) {
    for (const [index, signature] of signatures.entries()) {
      const old = before[file]?.[index];
      if (old !== null) expect(signature, file).not.toBeNull();
      if (signature === null) continue;
      expect(signature, file).toMatchObject({ flags: 2, wrong: [], wrongBlobs: [], certified: false });
      expect(signature.entitlements, file).toEqual(old?.entitlements ?? []);
    }
  }
  return before;
}

/** What the tests are about, with a root that is as long as the old one, and so on. */
const ROOTS = [
  ["equal", OLD.length, "everything"],
  ["shorter", OLD.length - 1, "everything"],
  ["longer", 30, "anywhere"],
] as const;

describeWithSpack("a store of macOS", () => {
  beforeAll(async () => {
    await pushSynthetic(new ImageLayout(join(scratch, "mirror")), PACKAGES);
  }, MINUTES);

  it.each(ROOTS)(
    "is pulled as a script relocates it: %s",
    async (_, length, name) => {
      const root = freshRoot(length);
      const pulled = await command("pull", layout("mirror"), name, "--allarch", "--root", root);
      expect(pulled).toMatchObject({ status: 0 });
      const before = await compared(name, root);
      for (const [file, signatures] of Object.entries(before)) {
        const wasCertified = signatures.some((each) => each?.certified);
        expect(pulled.stderr.includes(file), file).toBe(wasCertified);
      }
    },
    MINUTES,
  );
});
