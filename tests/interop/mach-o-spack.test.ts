// Real Spack and LLVM's install_name_tool rewrite the load commands of Mach-O files as this project does.

import { copyFileSync, mkdirSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, it } from "vitest";
import { onPath } from "../support/on-path.js";
import { scratchDirectory } from "../support/scratch.js";
import { type LoadCommandLines, loadCommands } from "./support/mach-o-commands.js";
import { OLD, PREFIXES, relocated, WITHOUT_ROOM, written } from "./support/mach-o-relocated.js";
import { machOSamples } from "./support/mach-o-samples.js";
import { describeWithSpack } from "./support/spack.js";
import { output, tool } from "./support/tool.js";

const MINUTES = 600_000;

/** What Spack does to one file after another (Spack: binary_distribution.py, `relocate_package`). */
const PROGRAM = `import sys; sys.path.insert(0, sys.argv[1])
import spack.relocate, spack.util.executable
for path in sys.argv[4:]:
    try: spack.relocate.relocate_macho_binaries([path], {sys.argv[2]: sys.argv[3]})
    except spack.util.executable.ProcessError: print(path)`;

/** LLVM's tool moves what follows the load commands, and signs nothing. */
const PLACE = /^\w*(?:size|off|offset) (?:0x)?[0-9a-f]+$/;

const files = machOSamples();
const scratch = scratchDirectory("mach-o-spack");
const installNameTool = onPath("llvm-install-name-tool", "llvm-install-name-tool-14");

describeWithSpack("Spack with LLVM's install_name_tool", () => {
  it.skipIf(files.length === 0 || installNameTool === undefined).each(Object.entries(PREFIXES))(
    "rewrites the same commands: %s",
    async (name, prefix) => {
      const bin = join(scratch, name);
      mkdirSync(bin);
      symlinkSync(installNameTool ?? "", join(bin, "install_name_tool"));
      const copies = files.map((file, index) => join(bin, `${index}-${basename(file)}`));
      for (const [index, copy] of copies.entries()) copyFileSync(files[index] ?? "", copy);
      const library = join(process.env["SPACK_TEST_ROOT"] ?? "", "lib/spack");
      const environment = [`PATH=${bin}:${process.env["PATH"]}`, `HOME=${scratch}`];
      const args = ["-B", "-c", PROGRAM, library, OLD, prefix, ...copies];
      expect(await output("env", ...environment, "python3", ...args)).toBe("");
      const different: string[] = [];
      for (const [index, copy] of copies.entries()) {
        const { content, blocked } = relocated(files[index] ?? "", prefix);
        const { status } = await tool("llvm-objdump", "--macho", "--private-headers", copy);
        if (blocked.length > 0 || status !== 0) {
          // Where this project says what is missing, LLVM's tool writes over the code.
          expect({ blocked: blocked.length, status }, copy).toEqual({ blocked: 1, status: 1 });
          different.push(basename(copy).replace(/^\d+-/, ""));
          continue;
        }
        const [ours, theirs] = [await loadCommands(written(scratch, content)), await loadCommands(copy)];
        if (copy.includes("libgcc_")) {
          expect(withoutPlaces(theirs), copy).toEqual(withoutPlaces(await loadCommands(files[index] ?? "")));
          different.push(basename(copy).replace(/^\d+-/, ""));
        } else expect(withoutPlaces(ours), copy).toEqual(withoutPlaces(theirs));
      }
      // Spack leaves libgcc to the search for C strings.
      const expected = name === "longer" ? [WITHOUT_ROOM, "libgcc_s.1.1.dylib"] : ["libgcc_s.1.1.dylib"];
      expect(different).toEqual(expected);
    },
    MINUTES,
  );
});

function withoutPlaces(commands: readonly LoadCommandLines[]): LoadCommandLines[] {
  return commands.map((lines) => lines.filter((line) => line.startsWith("cmdsize ") || !PLACE.test(line)));
}
