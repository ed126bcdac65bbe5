// Programs and libraries of this machine work as before after they have grown.

import { spawn } from "node:child_process";
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { basename, join } from "node:path";
import { openFile } from "@spack-oci/files";
import { describe, expect, it } from "vitest";
import { parseElf } from "../../src/elf/elf-file.js";
import { PrefixMap } from "../../src/prefixes/prefix-map.js";
import { relocateElf } from "../../src/relocate/relocate-elf.js";
import { temporaryDirectory } from "../support/directories.js";
import { DT_NEEDED, DT_SONAME } from "../support/elf-images.js";
import { plantRunPath } from "../support/planted-run-path.js";
import { available } from "../support/tools.js";

const LOADER = "/lib64/ld-linux-x86-64.so.2";
const LIBRARIES = "/usr/lib/x86_64-linux-gnu";
const WANTED = 300;
/** Bytes; small enough for the tools to be quick. */
const LARGEST = 256 * 1024;
/** Programs that print their version and do nothing else. */
const HARMLESS = ["ls", "cat", "sort", "grep", "sed", "tar", "bash", "readelf", "patchelf", "find"];

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(command: string, args: readonly string[], env: Record<string, string> = {}): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: { PATH: process.env["PATH"], LC_ALL: "C", ...env } });
    const output = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const)
      child[name].setEncoding("latin1").on("data", (text: string) => {
        output[name] += text;
      });
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, ...output }));
  });
}

/** An even sample of the executables and shared libraries of this machine. */
function machineFiles(): string[] {
  const directories = ["/usr/bin", "/usr/sbin", LIBRARIES];
  const all = directories.flatMap((directory) =>
    readdirSync(directory, { recursive: directory === LIBRARIES, withFileTypes: true, encoding: "utf8" })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  return all.filter((path) => statSync(path).size <= LARGEST && isDynamic64(path)).sort();
}

/** Whether a file is 64-bit, little-endian, x86-64, and ET_EXEC or ET_DYN. */
function isDynamic64(path: string): boolean {
  const bytes = Buffer.alloc(20);
  const file = openSync(path, "r");
  readSync(file, bytes);
  closeSync(file);
  const type = bytes.readUInt16LE(16);
  return (
    bytes.toString("latin1", 0, 6) === "\x7fELF\x02\x01" && (type === 2 || type === 3) && bytes[18] === 62
  );
}

/** What the loader binds every symbol of a file to, without addresses. */
async function loaded(path: string): Promise<string[]> {
  const { status, stdout, stderr } = await run(LOADER, [path], {
    LD_TRACE_LOADED_OBJECTS: "1",
    LD_BIND_NOW: "1",
    LD_WARN: "1",
  });
  expect({ path, status }).toEqual({ path, status: 0 });
  const lines = `${stdout}${stderr}`.replaceAll(path, "FILE").split("\n");
  const found = lines.map((line) =>
    line
      .replace(/ \(0x[0-9a-f]+\)/, "")
      .replace(/^.* => /, "")
      .trim(),
  );
  return [...new Set(found.map((line) => (existsSync(line) ? realpathSync(line) : line)))].sort();
}

describe.runIf(existsSync(LOADER) && existsSync(LIBRARIES) && available("readelf") && available("patchelf"))(
  "files of this machine",
  () => {
    const root = temporaryDirectory();
    const interpreter = join(root, "a/longer/directory/for/the", basename(LOADER));
    mkdirSync(join(interpreter, ".."), { recursive: true });
    symlinkSync(LOADER, interpreter);
    const libc = join(LIBRARIES, "libc.so.6");
    const runPath = `${join(root, "nowhere/at/all")}:${LIBRARIES}`;

    /** Grows all strings in a copy, and compares it with the original. */
    async function grow(original: string, copy: string): Promise<boolean> {
      copyFileSync(original, copy);
      const planted = await plantRunPath(copy);
      if (planted === undefined) return false;
      const before = await loaded(copy);
      const file = await openFile(copy, "r+");
      const elf = await parseElf(file);
      const map = new PrefixMap([
        [planted, runPath],
        ["libc.so.6", libc],
        [LOADER, interpreter],
      ]);
      const result = await relocateElf(file, map);
      await file.close();
      expect({ original, blocked: result.blocked }).toEqual({ original, blocked: [] });

      const names = elf?.dynamic.filter(({ tag }) => tag === DT_NEEDED || tag === DT_SONAME) ?? [];
      const needed = names.flatMap(({ tag }, index) =>
        tag === DT_NEEDED ? [elf?.names[index]?.value.toString("latin1")] : [],
      );
      const isProgram = elf?.interpreter !== undefined;
      const asked = [...(isProgram ? ["--print-interpreter"] : []), "--print-rpath", "--print-needed"];
      const expected = [
        ...(isProgram ? [elf.interpreter?.value.toString("latin1").replace(LOADER, interpreter)] : []),
        runPath,
        ...needed.map((name) => name?.replace(/^libc\.so\.6$/, libc)),
      ];
      const printed = await run("patchelf", [...asked, copy]);
      expect(printed, original).toEqual({ status: 0, stdout: `${expected.join("\n")}\n`, stderr: "" });
      const { status, stderr } = await run("readelf", ["-aW", copy]);
      expect({ original, status, stderr }).toEqual({ original, status: 0, stderr: "" });
      expect(await loaded(copy), original).toEqual(before);
      return true;
    }

    it("are loaded, read and printed as before, apart from the strings that grew", {
      timeout: 600_000,
    }, async () => {
      const files = machineFiles();
      const step = Math.max(1, Math.floor(files.length / (WANTED * 1.5)));
      const chosen = files.filter((_, index) => index % step === 0);
      let grown = 0;
      const worker = async (index: number) => {
        for (let next = chosen.pop(); next !== undefined; next = chosen.pop()) {
          const copy = join(root, `${index}-${basename(next)}`);
          if (await grow(next, copy)) grown += 1;
          rmSync(copy);
        }
      };
      await Promise.all([0, 1, 2].map(worker));
      console.log(`grown: ${grown} of ${files.length} files`);
      expect(grown).toBeGreaterThanOrEqual(Math.min(WANTED, files.length / 2));
    });

    it.each(HARMLESS.filter((name) => existsSync(`/usr/bin/${name}`)))("still run: %s", async (name) => {
      const copy = join(root, name);
      expect(await grow(`/usr/bin/${name}`, copy)).toBe(true);
      const told = await run(copy, ["--version"]);
      const expected = await run(`/usr/bin/${name}`, ["--version"]);
      expect({ ...told, stdout: told.stdout.replaceAll(copy, `/usr/bin/${name}`) }).toEqual(expected);
      expect(readFileSync(copy).includes(interpreter)).toBe(true);
    });
  },
);
