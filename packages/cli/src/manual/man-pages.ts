// The manual pages of the program and of each command, from the grammar that parses their arguments.

import type { Argument, Option } from "commander";
import type { AnyCommand } from "../declaration/command.js";
import { isLiteral } from "../declaration/help-layout.js";
import { AFTER_HELP } from "../program.js";
import { type Grammar, optionWords, ownOptions, parserOf } from "./grammar.js";
import { literalLines, macroArgument, tagList, textLines } from "./mdoc.js";

/** A file of section 1. */
export interface ManPage {
  readonly file: string;
  readonly text: string;
}

export interface Manual extends Grammar {
  /** The date that the pages show. */
  readonly date: Date;
}

export function manPages(manual: Manual): readonly ManPage[] {
  const pages = manual.commands.map((command) => commandPage(command, manual));
  return [programPage(manual), ...pages];
}

const pageName = (command: string) => `spack-oci-${command.replace(" ", "-")}`;

function programPage({ program, commands, date }: Manual): ManPage {
  const listed = commands.map(({ name, summary }) => ({
    term: `Cm ${macroArgument(name)}`,
    text: [...textLines(summary), "See", `.Xr ${pageName(name)} 1 .`],
  }));
  return page("spack-oci", {
    date,
    summary: program.description(),
    synopsis: [".Nm spack-oci", ".Op Ar options", ".Ar command", ".Op Ar argument ..."],
    sections: {
      DESCRIPTION: ["The commands are:", ...tagList(listed)],
      OPTIONS: tagList(program.options.map(optionItem)),
      "EXIT STATUS": textLines(AFTER_HELP.split("\n\n")[1] ?? ""),
    },
  });
}

function commandPage({ name, summary, examples, notes }: AnyCommand, { program, date }: Manual): ManPage {
  const parser = parserOf(program, name);
  const shown = ownOptions(program, parser);
  const ownArguments = parser.registeredArguments.map((argument) => ({
    term: argumentTerm(argument),
    text: textLines(`${argument.description}.`),
  }));
  const lines = examples.flatMap(({ purpose, line }) => [
    ...textLines(`${purpose}:`),
    ...literalLines([`spack-oci ${line}`]),
  ]);
  return page(pageName(name), {
    date,
    summary,
    synopsis: [
      `.Nm spack-oci ${name}`,
      ".Op Ar options",
      ...parser.registeredArguments.map((argument) =>
        argument.required ? `.${argumentTerm(argument)}` : `.Op ${argumentTerm(argument)}`,
      ),
    ],
    sections: {
      DESCRIPTION: [
        ...textLines(summary),
        ...tagList(ownArguments),
        ...(notes ?? "").split("\n\n").flatMap(noteLines),
      ],
      OPTIONS: [
        ...tagList(shown.map(optionItem)),
        ...(shown.length > 0 ? [".Pp"] : []),
        "Global options stand before the command or after it; see",
        ".Xr spack-oci 1 .",
      ],
      EXAMPLES: lines,
      "SEE ALSO": [".Xr spack-oci 1"],
    },
  });
}

function noteLines(note: string): readonly string[] {
  if (note === "") return [];
  return isLiteral(note)
    ? literalLines(note.split("\n").map((line) => line.trim()))
    : [".Pp", ...textLines(note)];
}

interface PageContent {
  readonly date: Date;
  readonly summary: string;
  readonly synopsis: readonly string[];
  readonly sections: Readonly<Record<string, readonly string[]>>;
}

function page(name: string, { date, summary, synopsis, sections }: PageContent): ManPage {
  const day = date.toLocaleDateString("en-US", {
    year: "numeric",
    month: "long",
    day: "numeric",
    timeZone: "UTC",
  });
  const brief = summary.replace(/\.$/, "").replace(/^[A-Z]/, (letter) => letter.toLowerCase());
  const lines = [
    `.Dd ${day}`,
    `.Dt ${name.toUpperCase()} 1`,
    ".Os",
    ".Sh NAME",
    `.Nm ${name}`,
    `.Nd ${brief}`,
    ".Sh SYNOPSIS",
    ...synopsis,
    ...Object.entries(sections).flatMap(([heading, text]) => [`.Sh ${heading}`, ...text]),
  ];
  return { file: `${name}.1`, text: `${lines.join("\n")}\n` };
}

function argumentTerm(argument: Argument): string {
  return `Ar ${macroArgument(argument.name())}${argument.variadic ? " ..." : ""}`;
}

function optionItem(option: Option) {
  const { short, long, value, text } = optionWords(option);
  const placeholder = value === undefined ? "" : ` Ar ${macroArgument(value)}`;
  const names = [short?.slice(1), long === undefined ? undefined : `Fl ${macroArgument(long.slice(2))}`];
  const term = names.flatMap((name) => (name === undefined ? [] : [`Fl ${name}`])).join(" , ");
  return { term: `${term}${placeholder}`, text: textLines(`${text}.`) };
}
