// The load commands of a Mach-O file as LLVM reads them.

import { output } from "./tool.js";

/** Lines of one command, such as `cmdsize 32`, with single blanks. */
export type LoadCommandLines = readonly string[];

/** The commands of all architectures, in order. */
export async function loadCommands(file: string): Promise<LoadCommandLines[]> {
  const text = await output("llvm-objdump", "--macho", "--arch=all", "--private-headers", file);
  return text
    .split(/^Load command \d+$/m)
    .slice(1)
    .map((block) =>
      block
        // The header of the next architecture.
        .replace(/\n[^\n]*\nMach header\n[\s\S]*/, "")
        .split("\n")
        .map((line) => line.trim().replace(/\s+/g, " "))
        .filter((line) => line !== ""),
    );
}

/**
 * Commands without what changes along with paths and signatures: sizes of commands and of the last segment, and the
 * place and size of the signature.
 */
export function withoutSizes(commands: readonly LoadCommandLines[]): LoadCommandLines[] {
  return commands
    .filter((lines) => !lines.includes("cmd LC_CODE_SIGNATURE"))
    .map((lines) => {
      const isLast = lines.includes("segname __LINKEDIT");
      const changing = isLast ? /^(cmdsize|vmsize|filesize) / : /^cmdsize /;
      return lines.filter((line) => !changing.test(line));
    });
}
