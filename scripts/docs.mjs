// npm run docs: writes the reference of commands and functions, and builds the documentation site into dist/docs.

import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, root } from "./workspace.mjs";

const docs = join(root, "docs");
const reference = join(docs, "reference");

build("packages/cli");
rmSync(reference, { recursive: true, force: true });
await writeCommandReference();
runDocsTool("typedoc");
writePackagePages();
runDocsTool("vitepress", "build");
console.log(`Wrote the documentation to ${join(root, "dist", "docs")}.`);

async function writeCommandReference() {
  const [{ loadCommands }, { markdownPages }, { createProgram }] = await Promise.all([
    import("../packages/cli/dist/load-commands.js"),
    import("../packages/cli/dist/manual/markdown-pages.js"),
    import("../packages/cli/dist/program.js"),
  ]);
  const commands = await loadCommands([]);
  const directory = join(reference, "commands");
  mkdirSync(directory, { recursive: true });
  const program = createProgram("", commands, async () => {});
  for (const { name, text } of markdownPages({ program, commands }))
    writeFileSync(join(directory, `${name}.md`), text);
}

/** A page for each package: its README, whose examples the tests run, beside what TypeDoc wrote. */
function writePackagePages() {
  const names = readdirSync(join(root, "packages"));
  for (const name of names) {
    const readme = readFileSync(join(root, "packages", name, "README.md"), "utf8");
    const text = readme
      .replaceAll("](../../docs/", "](../../../")
      .replaceAll(/\]\(\.\.\/([a-z-]+)\)/g, "](../$1/index.md)");
    writeFileSync(
      join(reference, "api", name, "index.md"),
      `${text}\n## Reference\n\n[All functions and types](src.md)\n`,
    );
  }
  const list = names.map((name) => `- [${name}](${name}/index.md)`).join("\n");
  writeFileSync(join(reference, "api", "index.md"), `# Library reference\n\n${list}\n`);
}

function runDocsTool(name, ...args) {
  const tool = join(docs, "node_modules", ".bin", name);
  const { status, error } = spawnSync(tool, args, { cwd: docs, stdio: "inherit" });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
