// Runs the TypeScript examples in a package's README, so that they keep working.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { vi } from "vitest";
import { scratchDirectory } from "./scratch.js";

const EXAMPLE = /^```ts\n(.*?)^```$/gms;

/**
 * Imports each `ts` block of `packageDirectory/README.md` as a module, one after the other, in one scratch directory
 * that is the working directory meanwhile. What the examples print is discarded.
 *
 * @param globals Values that the examples may use without declaring them.
 * @throws Error if the README has no example, and what an example throws.
 */
export async function runReadmeExamples(
  packageDirectory: string,
  globals: Record<string, unknown> = {},
): Promise<void> {
  const readme = readFileSync(join(packageDirectory, "README.md"), "utf8");
  const examples = [...readme.matchAll(EXAMPLE)].map(([, code = ""]) => code);
  if (examples.length === 0) throw new Error(`${packageDirectory}/README.md has no ts block.`);

  // Inside the repository, so that package names resolve; below dist, which Git and linters ignore.
  mkdirSync(join(packageDirectory, "dist"), { recursive: true });
  const modules = mkdtempSync(join(packageDirectory, "dist", "readme-"));
  const workingDirectory = process.cwd();
  process.chdir(scratchDirectory("readme"));
  for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value);
  const print = vi.spyOn(console, "log").mockImplementation(() => {});
  try {
    for (const [i, code] of examples.entries()) {
      const path = join(modules, `example-${i + 1}.ts`);
      writeFileSync(path, code);
      await import(path);
    }
  } finally {
    print.mockRestore();
    vi.unstubAllGlobals();
    process.chdir(workingDirectory);
    rmSync(modules, { recursive: true, force: true });
  }
}
