// The reference of the documentation: a page for each command, from the grammar that parses its arguments.

import type { Option } from "commander";
import type { AnyCommand } from "../declaration/command.js";
import { isLiteral } from "../declaration/help-layout.js";
import { type Grammar, optionWords, ownOptions, parserOf, synopsis } from "./grammar.js";

/** A file of the reference. */
export interface MarkdownPage {
  /** The name of its command, with dashes for spaces; `index` for the page of the program. */
  readonly name: string;
  readonly text: string;
}

/** The page of the program comes first. */
export function markdownPages(grammar: Grammar): readonly MarkdownPage[] {
  const pages = grammar.commands.map((command) => commandPage(command, grammar));
  return [programPage(grammar), ...pages];
}

const pageName = (command: string) => command.replaceAll(" ", "-");

function programPage({ program, commands }: Grammar): MarkdownPage {
  const rows = commands.map(
    ({ name, summary }) => `| [${name}](${pageName(name)}.md) | ${escapeCell(summary)} |`,
  );
  const text = [
    "# Command reference",
    "Every command takes the global options, before its name or after it.",
    ["| command | |", "| --- | --- |", ...rows].join("\n"),
    "## Global options",
    optionTable(program.options),
  ];
  return { name: "index", text: page(text) };
}

function commandPage({ name, summary, examples, notes }: AnyCommand, { program }: Grammar): MarkdownPage {
  const parser = parserOf(program, name);
  const own = ownOptions(program, parser);
  const described = parser.registeredArguments.map(
    (argument) => `| \`${argument.name()}\` | ${escapeCell(argument.description)} |`,
  );
  const text = [
    `# spack-oci ${name}`,
    `${escapeText(summary)}.`.replace(/\.\.$/, "."),
    codeBlock([`spack-oci ${synopsis(name, parser)} [options]`]),
    ...(described.length === 0
      ? []
      : ["## Arguments", ["| argument | |", "| --- | --- |", ...described].join("\n")]),
    ...(own.length === 0 ? [] : ["## Options", optionTable(own)]),
    "Global options are listed [with the program](index.md#global-options).",
    ...(notes === undefined ? [] : ["## Notes", ...notes.split("\n\n").map(noteText)]),
    "## Examples",
    ...examples.flatMap(({ purpose, line }) => [`${escapeText(purpose)}:`, codeBlock([`spack-oci ${line}`])]),
  ];
  return { name: pageName(name), text: page(text) };
}

function noteText(note: string): string {
  return isLiteral(note) ? codeBlock(note.split("\n").map((line) => line.trim())) : escapeText(note);
}

function page(paragraphs: readonly string[]): string {
  return `${paragraphs.join("\n\n")}\n`;
}

function codeBlock(lines: readonly string[]): string {
  return ["```sh", ...lines, "```"].join("\n");
}

function optionTable(options: readonly Option[]): string {
  const rows = options.map((option) => {
    const { short, long, value, text } = optionWords(option);
    const placeholder = value === undefined ? "" : ` ${value}`;
    const names = [short, long].filter((name) => name !== undefined);
    return `| \`${names.join(", ")}${placeholder}\` | ${escapeCell(text)} |`;
  });
  return ["| option | |", "| --- | --- |", ...rows].join("\n");
}

function escapeCell(text: string): string {
  return escapeText(text.replaceAll(/\s+/g, " ").trim()).replaceAll("|", "\\|");
}

/** Keeps Markdown and HTML from reading anything in plain text. */
function escapeText(text: string): string {
  return text
    .replaceAll(/[\\`*_[\]]/g, "\\$&")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll("{{", "&#123;{");
}
