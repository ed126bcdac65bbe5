// The command reference describes every command, argument and option, and shows text as it is.

import { Command } from "commander";
import { expect, it } from "vitest";
import { loadCommands } from "../../src/load-commands.js";
import { ownOptions, parserOf } from "../../src/manual/grammar.js";
import { markdownPages } from "../../src/manual/markdown-pages.js";
import { createProgram } from "../../src/program.js";

const commands = await loadCommands([]);
const program = createProgram("", commands, async () => {});
const pages = new Map(markdownPages({ program, commands }).map(({ name, text }) => [name, text]));

it("has a page for each command, which the first page lists", () => {
  const index = pages.get("index") ?? "";
  expect(pages.size).toBe(commands.length + 1);
  for (const { name } of commands) {
    const page = name.replaceAll(" ", "-");
    expect(index).toContain(`| [${name}](${page}.md) | `);
    expect(pages.get(page)).toContain(`# spack-oci ${name}\n`);
  }
  for (const { long } of program.options) expect(index).toContain(long ?? "");
});

it.each(commands)("describes $name", ({ name, examples }) => {
  const page = pages.get(name.replaceAll(" ", "-")) ?? "";
  const parser = parserOf(program, name);
  for (const { long } of ownOptions(program, parser)) expect(page).toContain(long ?? "");
  for (const argument of parser.registeredArguments) expect(page).toContain(`| \`${argument.name()}\` | `);
  for (const { line } of examples) expect(page).toContain(`\`\`\`sh\nspack-oci ${line}\n\`\`\`\n`);
});

it("shows usage, choices and defaults", () => {
  expect(pages.get("push")).toContain("```sh\nspack-oci push <mirror> [spec...] [options]\n```");
  expect(pages.get("push")).toMatch(/^\| `--only what` \| .*; one of package, dependencies.* \|$/m);
});

it("takes no text for markup", () => {
  const summary = "a <b> & `c` | [d](e) {{ f }}";
  const command = { name: "x", summary, examples: [], arguments: {}, options: {}, run: async () => {} };
  const parser = new Command().addCommand(new Command("x"));
  const [index, page] = markdownPages({ program: parser, commands: [command as never] });
  expect(index?.text).toContain("| a &lt;b> &amp; \\`c\\` \\| \\[d\\](e) &#123;{ f }} |");
  expect(page?.text).toContain("\na &lt;b> &amp; \\`c\\` | \\[d\\](e) &#123;{ f }}.\n");
});
