// Real Mach-O files of many compilers are relocated and signed so that LLVM, rcodesign and Spack agree.

import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { MemoryFile } from "../../packages/files/src/memory-file.js";
import { parseMachO } from "../../packages/spack-tarball/src/macho/macho-file.js";
import { signFile } from "../../packages/spack-tarball/src/macho/sign/sign-file.js";
import { PrefixMap } from "../../packages/spack-tarball/src/prefixes/prefix-map.js";
import { relocateBinaryInMemory } from "../../packages/spack-tarball/src/relocate/relocate-binary.js";
import { signaturesIn } from "../../packages/spack-tarball/test/support/macho-signatures.js";
import { onPath } from "../support/on-path.js";
import { scratchDirectory } from "../support/scratch.js";
import { loadCommands, withoutSizes } from "./support/mach-o-commands.js";
import { machOSamples, SIGNED_BY_CODESIGN } from "./support/mach-o-samples.js";
import { describeWithSpack } from "./support/spack.js";
import { describeWithTools, output, tool } from "./support/tool.js";

/** A prefix in every file: that of the system's library. */
const OLD = "/usr/lib/libSystem.B";
const PREFIXES = {
  shorter: "/n/libSystem",
  equal: "/abc/def/libSystem.B",
  longer: "/a/much/longer/prefix/than/before/libSystem.B",
};
const MINUTES = 600_000;

const files = machOSamples();
const scratch = scratchDirectory("mach-o");

/** A file whose library has another path, or undefined if its strings have no room for that. */
function relocated(file: string, prefix: string): MemoryFile | undefined {
  const content = new MemoryFile(readFileSync(file));
  const relocation = { map: new PrefixMap([[OLD, prefix]]), name: file, platform: "darwin" };
  return relocateBinaryInMemory(content, relocation).length === 0 ? content : undefined;
}

function written(name: string, { bytes }: MemoryFile): string {
  const path = join(scratch, name);
  writeFileSync(path, bytes);
  return path;
}

describe.skipIf(files.length === 0)("Mach-O files of npm and PyPI", () => {
  it("are many", () => {
    expect(files.length).toBeGreaterThan(60);
  });

  it("do not change if they contain no known prefix", () => {
    const map = new PrefixMap([["/no/such/store", "/elsewhere"]]);
    for (const file of files) {
      const content = new MemoryFile(readFileSync(file));
      expect(relocateBinaryInMemory(content, { map, name: file, platform: "darwin" }), file).toEqual([]);
      expect(content.isChanged, file).toBe(false);
    }
  });

  it.each(Object.entries(PREFIXES))(
    "have right digests of all pages after moving to a prefix: %s",
    (_, prefix) => {
      let signed = 0;
      for (const file of files) {
        const content = relocated(file, prefix);
        expect(content?.bytes.includes(prefix), file).toBe(true);
        for (const { wrongPages, flags } of content === undefined ? [] : signaturesIn(content)) {
          expect({ file, wrongPages, flags }).toEqual({ file, wrongPages: [], flags: 2 });
          signed += 1;
        }
      }
      expect(signed).toBeGreaterThan(60);
    },
  );

  it("that codesign signed ad hoc get the same signature again, byte for byte", () => {
    const own = files.filter((file) => SIGNED_BY_CODESIGN.test(file));
    expect(own.length).toBeGreaterThan(25);
    for (const file of own) {
      const before = readFileSync(file);
      const content = new MemoryFile(Buffer.from(before));
      expect(signFile(content, { name: file, changes: [{ offset: 0, size: before.length }] })).toEqual({
        hadIdentity: false,
      });
      expect(content.bytes.equals(before), file).toBe(true);
    }
  });
});

describeWithTools("llvm-objdump")("LLVM", () => {
  it.skipIf(files.length === 0).each(Object.entries(PREFIXES))(
    "reads the same commands but for the path: %s",
    async (name, prefix) => {
      for (const file of files) {
        const content = relocated(file, prefix);
        if (content === undefined) continue;
        const found = await loadCommands(written(name, content));
        const before = await loadCommands(file);
        const moved = before.map((lines) => lines.map((line) => line.replace(` ${OLD}`, ` ${prefix}`)));
        expect(withoutSizes(found), file).toEqual(withoutSizes(moved));
      }
    },
    MINUTES,
  );
});

describeWithTools("rcodesign")("rcodesign", () => {
  it.skipIf(files.length === 0)(
    "computes the same digests, and finds no other fault than in Apple's own",
    async () => {
      for (const file of files) {
        const content = relocated(file, PREFIXES.longer);
        const slices = content === undefined ? [] : (parseMachO(content) ?? []);
        if (content === undefined) continue;
        const path = written("rcodesign", content);
        for (const [index, { reader, commands, format }] of slices.entries()) {
          const command = commands.find(({ type }) => type === 0x1d)?.bytes;
          if (command === undefined) continue;
          const signature = reader.read(format.word(command, 8), format.word(command, 12));
          const listed = await output(
            "rcodesign",
            "compute-code-hashes",
            "--universal-index",
            String(index),
            path,
          );
          const digests = listed.trim().split("\n");
          for (const digest of digests)
            expect(signature.includes(Buffer.from(digest, "hex")), file).toBe(true);
        }
        // It expects a certificate, which no ad-hoc signature has.
        const { stdout } = await tool("rcodesign", "verify", path);
        const faults = stdout
          .split("\n")
          .filter((line) => !/missing further values|signature data not found|^$/.test(line));
        expect(faults, file).toEqual([]);
      }
    },
    MINUTES,
  );
});

const installNameTool = onPath("llvm-install-name-tool", "llvm-install-name-tool-14");

describeWithSpack("Spack with LLVM's install_name_tool", () => {
  it.skipIf(files.length === 0 || installNameTool === undefined)(
    "rewrites the same commands",
    async () => {
      const bin = join(scratch, "bin");
      mkdirSync(bin);
      symlinkSync(installNameTool ?? "", join(bin, "install_name_tool"));
      const copies = files.map((file, index) => join(scratch, `${index}-${basename(file)}`));
      for (const [index, copy] of copies.entries()) copyFileSync(files[index] ?? "", copy);
      const program = `import sys; sys.path.insert(0, sys.argv[1])
import spack.relocate, spack.util.executable
for path in sys.argv[4:]:
    try: spack.relocate.relocate_macho_binaries([path], {sys.argv[2]: sys.argv[3]})
    except spack.util.executable.ProcessError: print(path)`;
      const library = join(process.env["SPACK_TEST_ROOT"] ?? "", "lib/spack");
      const args = ["-B", "-c", program, library, OLD, PREFIXES.longer, ...copies];
      const refused = (
        await output("env", `PATH=${bin}:${process.env["PATH"]}`, `HOME=${scratch}`, "python3", ...args)
      ).split("\n");
      let compared = 0;
      for (const [index, copy] of copies.entries()) {
        const content = relocated(files[index] ?? "", PREFIXES.longer);
        // Spack leaves libgcc to the search for C strings, which refuses longer ones.
        if (content === undefined || refused.includes(copy) || copy.includes("libgcc_")) continue;
        const [ours, theirs] = [await loadCommands(written("ours", content)), await loadCommands(copy)];
        expect(pathsOf(ours), files[index]).toEqual(pathsOf(theirs));
        compared += 1;
      }
      expect(compared).toBeGreaterThan(60);
    },
    MINUTES,
  );
});

/** Each command with a path. */
function pathsOf(commands: readonly (readonly string[])[]): string[] {
  return commands.flatMap((lines) => {
    const [command = ""] = lines;
    const path = lines.find((line) => /^(name|path) /.test(line));
    return path === undefined ? [] : [`${command} ${path}`];
  });
}
