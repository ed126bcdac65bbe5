// A package is installed as one that is unpacked, relocated and finished on disk step by step: in memory on this
// thread and on another one, and as its layer arrives, here and there, whatever is known of it before, however much
// memory there is, and however the layer is cut.

import { hash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { crc32, deflateRawSync, gzipSync } from "node:zlib";
import { fingerprintPrefix, packagePermissions } from "@spack-oci/spack-store";
import { openArchive, redundantRpathDropper, relocationMap, unpackLayer } from "@spack-oci/spack-tarball";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { MemoryBudget } from "../../packages/buildcache/src/layers/memory-budget.js";
import type { FinishContext } from "../../packages/buildcache/src/prefix-writing/finish-staged.js";
import type { KnownPackage } from "../../packages/buildcache/src/prefix-writing/known-package.js";
import { stagePackage } from "../../packages/buildcache/src/prefix-writing/stage-package.js";
import {
  type Unwritten,
  type WriteTask,
  type WrittenPackage,
  writePackage,
} from "../../packages/buildcache/src/prefix-writing/write-package.js";
import { stageInThread } from "../../packages/buildcache/src/workers/stage-in-thread.js";
import { WorkerThreads } from "../../packages/buildcache/src/workers/worker-threads.js";
import { hashText } from "../../packages/spack-spec/src/hash/dag-hash.js";
import { finishOnDisk } from "../../packages/spack-store/test/support/finish-on-disk.js";
import { sizedMember } from "../../packages/spack-tarball/src/compression/sized-members.js";
import { LC_RPATH } from "../../packages/spack-tarball/src/macho/load-command.js";
import { relocatePrefix } from "../../packages/spack-tarball/src/relocate/relocate-prefix.js";
import { DT_RUNPATH, elfImage } from "../../packages/spack-tarball/test/support/elf-images.js";
import { machOImage } from "../../packages/spack-tarball/test/support/macho-images.js";
import {
  directory,
  file,
  hardlink,
  type RawMember,
  rawTar,
  symlink,
} from "../../packages/spack-tarball/test/support/raw-tar.js";
import { scratchDirectory } from "../support/scratch.js";

const scratch = scratchDirectory("ways");
const OLD = "/padded/padded/padded/padded/old/store";
const PREFIX = `${OLD.slice(1)}/p`;
const NODE = '{"name":"p","version":"1","package_hash":"x","annotations":{"original_specfile_version":5}}';
const HASH = hashText(NODE);
const SPEC = `{"spec":{"_meta":{"version":5},"nodes":[${NODE.slice(0, -1)},"hash":"${HASH}"}]}}`;

const workerScript = {
  file: fileURLToPath(new URL("../../packages/buildcache/dist/workers/worker.js", import.meta.url)),
};
const threads = new WorkerThreads(Math.min(2, availableParallelism()), workerScript);
afterAll(() => threads.stop());

/** Times that are not those of the layer are "now". */
const LAYER_TIMES = [0, 1, 1_000_000_000, 2 ** 31];

/** Everything about a tree, with generated files apart. */
function describe(prefix: string) {
  const inodes = new Map<bigint, string>();
  const describeBelow = (path: string): unknown[] =>
    readdirSync(Buffer.from(path, "latin1"), { encoding: "latin1" })
      .sort()
      .flatMap((name): unknown[] => {
        const place = Buffer.from(`${path}/${name}`, "latin1");
        const inner = `${path}/${name}`.slice(prefix.length);
        const status = lstatSync(place, { bigint: true });
        const { mode, ino, mtimeMs } = status;
        if (status.isDirectory()) return [[inner, mode], ...describeBelow(`${path}/${name}`)];
        if (status.isSymbolicLink()) return [[inner, mode, readlinkSync(place, "latin1")]];
        const first = inodes.get(ino) ?? inner;
        inodes.set(ino, first);
        const seconds = Number(mtimeMs / 1000n);
        const time = LAYER_TIMES.includes(seconds) ? seconds : "now";
        const isGenerated = /^\/\.spack\/install_(times|manifest)\.json$/.test(inner);
        return [[inner, mode, first, isGenerated || [time, readFileSync(place, "latin1")]]];
      });
  const top = lstatSync(prefix).mode;
  return { top, entries: describeBelow(prefix), manifest: manifestOf(prefix) };
}

/** The text, without the times of changed files. */
function manifestOf(prefix: string): string {
  const text = readFileSync(join(prefix, ".spack/install_manifest.json"), "utf8");
  return text.replaceAll(/"time":([0-9.e+]+)/g, (all, time) =>
    LAYER_TIMES.includes(Number(time)) ? all : '"time":now',
  );
}

type Outcome = { readonly error: unknown } | ReturnType<typeof describe>;

async function outcomeOf(install: (staging: string) => Promise<string>): Promise<Outcome> {
  const staging = join(scratch, "staging");
  rmSync(staging, { recursive: true, force: true });
  try {
    const fingerprint = await install(staging);
    expect(await fingerprintPrefix(staging)).toBe(fingerprint);
    return describe(staging);
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    // On disk, whether a list leaves the package by an absolute link depends on what is there.
    const code = String(error.code).replace("ERR_LISTED_FILE", "ERR_LIST_ESCAPES");
    return { error: [code, "problems" in error ? error.problems : undefined] };
  }
}

/** The slow model: each step by itself, on disk. */
async function stepByStep(layer: Buffer, task: WriteTask): Promise<string> {
  const { staging, plan, permissions, finalPrefix } = task;
  const { buildInfo } = await unpackLayer(chunked(layer), staging);
  await relocatePrefix(staging, buildInfo, {
    map: relocationMap(buildInfo, plan),
    platform: plan.platform,
  });
  return finishOnDisk(staging, {
    finalPrefix,
    permissions,
    sbangPath: plan.sbangInstallPath,
    platform: plan.platform,
    changeFile: redundantRpathDropper(staging, finalPrefix),
  });
}

/** How a layer arrives. */
interface Arrival {
  /** Whether its last member was read before. */
  readonly isKnown: boolean;
  /** Bytes of memory. */
  readonly memory: number;
  readonly chunkSize: number;
}

async function asItArrives(layer: Buffer, task: WriteTask, arrival: Arrival): Promise<string> {
  const { staging } = task;
  const allowance = new MemoryBudget(arrival.memory);
  const context = {
    ...task,
    allowance,
    remembered: allowance,
    onRefusal: () => {},
    onIdentitiesLost: () => {},
    onUnpacked: () => {},
  };
  const known = arrival.isKnown ? await knownOf(layer) : undefined;
  const archive = openArchive(chunked(layer, arrival.chunkSize), allowance);
  try {
    const staged = await stagePackage(archive, staging, { ...context, known });
    try {
      return await staged.finish(finishing(task));
    } finally {
      staged.forget();
    }
  } finally {
    // All of it was given back.
    expect(allowance.take(arrival.memory)).toBe(true);
  }
}

async function inAnotherThread(layer: Buffer, task: WriteTask, arrival: Arrival): Promise<string> {
  const { memory } = arrival;
  const known = arrival.isKnown ? await knownOf(layer) : undefined;
  const staged = await stageInThread(threads, openArchive(chunked(layer, arrival.chunkSize)), {
    task: { ...task, known, allowance: memory, remembered: memory },
    place: "p",
    onRefusal: () => {},
    onIdentitiesLost: () => {},
    onUnpacked: () => {},
  });
  try {
    return await staged.finish(finishing(task));
  } finally {
    staged.forget();
  }
}

function finishing({ name, hash, finalPrefix, permissions, plan }: WriteTask): FinishContext {
  const { sbangInstallPath: sbangPath, platform } = plan;
  return { name, hash, finalPrefix, permissions, sbangPath, platform };
}

/** What the last member says; undefined if it cannot be read. */
async function knownOf(layer: Buffer): Promise<KnownPackage | undefined> {
  const directory = join(scratch, "known");
  rmSync(directory, { recursive: true, force: true });
  try {
    const { diffId: _, ...known } = await unpackLayer(chunked(layer), directory);
    return known;
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    return undefined;
  }
}

async function* chunked(layer: Buffer, size = 1000): AsyncGenerator<Buffer, void, undefined> {
  for (let at = 0; at < layer.length; at += size) yield Buffer.from(layer.subarray(at, at + size));
}

/** An archive in members that say how long they are. */
function inMembers(archive: Buffer, size: number): Buffer {
  const members: Buffer[] = [];
  for (let at = 0; at < archive.length; at += size) {
    const content = archive.subarray(at, at + size);
    members.push(sizedMember(deflateRawSync(content), crc32(content), content.length));
  }
  return Buffer.concat(members);
}

const arrivals: fc.Arbitrary<Arrival & { readonly memberSize: number }> = fc.record({
  isKnown: fc.boolean(),
  memory: fc.constantFrom(0, 100, 1000, 5000, 64 * 1024 * 1024),
  chunkSize: fc.constantFrom(100, 5000, 1_000_000),
  /** 0 for a layer like Spack's. */
  memberSize: fc.constantFrom(0, 300, 512, 5000, 512 * 1024),
});

const words = fc.constantFrom("a", "b", "lib", "\xe9", "x y", "z".repeat(14));
const paths = fc.array(words, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
const text = fc
  .array(
    fc.constantFrom(OLD, `${OLD}/p`, `${OLD}/q/lib`, "/usr", " ", "\n", "\0", ":", "word", "#!/bin/sh\n"),
    {
      maxLength: 12,
    },
  )
  .map((parts) => Buffer.from(parts.join("")));
const script = fc
  .constantFrom("python", "lua", "node", "php")
  .map((name) => Buffer.from(`#!${OLD}/p/${"d".repeat(100)}/${name} -x\nprint("${OLD}")\n`));
const binary = fc
  .subarray([`${OLD}/p/lib`, `${OLD}/p/a`, `${OLD}/q`, "$ORIGIN/../lib", "/usr/lib", "relative"])
  .map(
    (entries) =>
      elfImage({ whole: true, interpreter: `${OLD}/p/ld.so`, strings: [[DT_RUNPATH, entries.join(":")]] })
        .bytes,
  );
/** Code for two processors, of which one needs a signature. */
const library = fc
  .record({
    cpuType: fc.constantFrom(0x0100000c, 0x01000007),
    padding: fc.constantFrom(0, 24, 400),
    paths: fc.subarray([`${OLD}/p/lib`, `${OLD}/p/a`, `${OLD}/q`, "@loader_path/../lib"]),
    text: fc.constantFrom("code", `${OLD}/p/share\0`),
  })
  .map(({ paths, ...shape }) =>
    machOImage({ ...shape, paths: paths.map((path) => [LC_RPATH, path] as const) }),
  );

interface Entry {
  readonly member: RawMember;
  readonly path: string;
  readonly kind: "text" | "binary" | "link" | "none";
}

const name = (path: string) => Buffer.from(`${PREFIX}/${path}`);
const entry: fc.Arbitrary<Entry> = fc
  .record({
    path: paths,
    mode: fc.oneof(
      { weight: 30, arbitrary: fc.constantFrom(0o644, 0o755, 0o600, 0o444, 0o2711) },
      fc.constant(0o4755),
    ),
    mtime: fc.constantFrom(...LAYER_TIMES),
    content: fc.oneof(
      text.map((bytes) => ({ bytes, kind: "text" as const })),
      script.map((bytes) => ({ bytes, kind: "text" as const })),
      binary.map((bytes) => ({ bytes, kind: "binary" as const })),
      library.map((bytes) => ({ bytes, kind: "binary" as const })),
      text.map((bytes) => ({ bytes, kind: "binary" as const })),
      fc.constantFrom(`${OLD}/p/lib`, "b", "../a", `${OLD}/q`, "/usr").map((target) => ({ target })),
    ),
    isListed: fc.boolean(),
  })
  .map(({ path, mode, mtime, content, isListed }) => {
    if ("target" in content) {
      const kind = isListed && content.target.startsWith("/") ? "link" : "none";
      return { path, kind, member: { ...symlink("", content.target), name: name(path) } };
    }
    const member = { ...file("", content.bytes), name: name(path), mode, mtime };
    return { path, kind: isListed ? content.kind : "none", member };
  });

/** Directories of the hard links below. */
const LINK_PARENTS = ["lib", "a"];

const packages = fc
  .record({
    entries: fc.uniqueArray(entry, { selector: ({ path }) => path, maxLength: 14 }),
    links: fc.array(fc.tuple(fc.nat(), fc.constantFrom("h1", "lib/h2", "a/h3")), { maxLength: 3 }),
    /** Whether paths may go through files. */
    hasConflicts: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
    isDeduped: fc.boolean(),
    listsLinks: fc.boolean(),
  })
  .map(({ entries: all, links, hasConflicts, isDeduped, listsLinks }) => {
    const isInWay = (path: string) => all.some((other) => other.path.startsWith(`${path}/`));
    const entries = all.filter(({ path }) => hasConflicts || !(isInWay(path) || LINK_PARENTS.includes(path)));
    const files = entries.filter(({ member }) => member.type !== "2");
    const linked = links.flatMap(([index, path]) => {
      const target = files[index % Math.max(1, files.length)];
      return target === undefined
        ? []
        : [{ path, kind: listsLinks && !isDeduped ? target.kind : "none", target: target.member.name }];
    });
    const listed = (kind: Entry["kind"]) =>
      JSON.stringify([...entries, ...linked].filter((each) => each.kind === kind).map(({ path }) => path));
    const info =
      `{buildpath: ${OLD}, hardlinks_deduped: ${isDeduped}, hash_to_prefix: {${HASH}: ${OLD}/p}, ` +
      `relocate_binaries: ${listed("binary")}, relocate_links: ${listed("link")}, relocate_textfiles: ${listed("text")}}\n`;
    const parents = PREFIX.split("/").map((_, index, all) => directory(all.slice(0, index + 1).join("/")));
    return rawTar([
      ...parents,
      ...entries.map(({ member }) => member),
      ...linked.map(({ path, target }) => ({ ...hardlink("", ""), name: name(path), linkName: target })),
      file(`${PREFIX}/.spack/spec.json`, SPEC),
      file(`${PREFIX}/.spack/binary_distribution`, info),
    ]);
  });

const permissions = fc.constantFrom(
  packagePermissions(),
  packagePermissions("group", "group"),
  packagePermissions("world", "user", { allowSgid: false }),
);

const platforms = fc.constantFrom("linux", "darwin");

const roots = fc.constantFrom("/s", "/shorter/store", `${OLD}-longer/than/it`, OLD);

it("installs the same in every way", async () => {
  let installed = 0;
  await fc.assert(
    fc.asyncProperty(packages, permissions, roots, platforms, arrivals, async (...given) => {
      const [archive, modes, root, platform, arrival] = given;
      const { memberSize } = arrival;
      const layer = memberSize === 0 ? gzipSync(archive) : inMembers(archive, memberSize);
      const task = (staging: string): WriteTask => ({
        name: "p",
        hash: HASH,
        staging,
        finalPrefix: `${root}/p`,
        plan: {
          root,
          sbangInstallPath: `${root}/bin/sbang`,
          prefixes: new Map([[HASH, `${root}/p`]]),
          platform,
        },
        permissions: modes,
        dropsRpaths: true,
        fetchSeconds: 0,
        expected: { hash: HASH, diffId: `sha256:${hash("sha256", archive)}`, place: "an image" },
      });
      const expected = await outcomeOf((staging) => stepByStep(layer, task(staging)));
      if (!("error" in expected)) installed += 1;
      const here = await outcomeOf(async (staging) => {
        const tooLarge = await writePackage(layer, { ...task(staging), maxArchive: archive.length - 1 });
        expect(tooLarge).toBe("too-large");
        return fingerprintOf(await writePackage(layer, task(staging)));
      });
      expect(here).toEqual(expected);
      const there = await outcomeOf(async (staging) => {
        const args = [layer, task(staging)] as const;
        return fingerprintOf(await threads.run("writePackage", { args: [...args], place: "p" }));
      });
      expect(there).toEqual(expected);
      const streamed = await outcomeOf((staging) => asItArrives(layer, task(staging), arrival));
      expect(streamed).toEqual(expected);
      const elsewhere = await outcomeOf((staging) => inAnotherThread(layer, task(staging), arrival));
      expect(elsewhere).toEqual(expected);
    }),
    { numRuns: 120, seed: 16 },
  );
  expect(installed).toBeGreaterThan(60);
}, 300_000);

function fingerprintOf(written: WrittenPackage | Unwritten): string {
  if (typeof written === "string") throw new Error(`the package was not written: ${written}`);
  return written.fingerprint;
}
