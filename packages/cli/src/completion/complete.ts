// What can follow the words that a user has typed so far.

import type { Command, Option } from "commander";
import { kindOf } from "../declaration/parameter.js";

/** One way to go on. */
export interface Candidate {
  readonly text: string;
  /** Empty if the text says it all. */
  readonly summary: string;
}

/** What can follow: words, and files or directories that the shell lists. */
export interface Completion {
  readonly candidates: readonly Candidate[];
  readonly paths?: "files" | "directories";
}

/** Where the names of things come from that are not part of the grammar. */
export interface KnownNames {
  mirrors(): readonly Candidate[];
  /** @param mirror as the command line names it; if it does not, packages of all mirrors in the configuration */
  packages(mirror: string | undefined, current: string): readonly Candidate[];
}

const NOTHING: Completion = { candidates: [] };

/** What is typed: the words before the one that is being typed, and what there is of that one. */
export interface TypedWords {
  /** In the words of this program. */
  readonly words: readonly string[];
  readonly current: string;
}

export function complete(program: Command, { words, current }: TypedWords, known: KnownNames): Completion {
  const position = new Position(program, known);
  for (const word of words) position.advance(word);
  const { candidates, ...rest } = position.completion(current);
  return { ...rest, candidates: candidates.filter(({ text }) => text.startsWith(current)) };
}

/** Where in the grammar a command line has arrived. */
class Position {
  readonly #program: Command;
  readonly #known: KnownNames;
  #parser: Command;
  readonly #operands: string[] = [];
  /** The option whose value is next. */
  #pending: Option | undefined;
  #hasOnlyOperands = false;

  constructor(program: Command, known: KnownNames) {
    this.#program = program;
    this.#parser = program;
    this.#known = known;
  }

  advance(word: string): void {
    if (this.#pending !== undefined) {
      this.#pending = undefined;
      return;
    }
    const isOption = word.startsWith("-") && !this.#hasOnlyOperands;
    if (isOption) {
      this.#hasOnlyOperands = word === "--";
      const option = this.#optionOf(word);
      if (option?.required === true && word !== "--") this.#pending = option;
      return;
    }
    const member = this.#parser.commands.find((each) => each.name() === word);
    if (member === undefined) this.#operands.push(word);
    else this.#parser = member;
  }

  completion(current: string): Completion {
    if (this.#pending !== undefined) return this.#values(this.#pending, current);
    if (this.#hasOnlyOperands || !current.startsWith("-")) return this.#operandsHere(current);
    const [, flag, value] = /^(--[^=]+)=(.*)$/s.exec(current) ?? [];
    if (flag === undefined || value === undefined) return { candidates: this.#flags() };
    const option = this.#optionOf(flag);
    const { candidates } = option === undefined ? NOTHING : this.#values(option, value);
    return { candidates: candidates.map((each) => ({ ...each, text: `${flag}=${each.text}` })) };
  }

  #operandsHere(current: string): Completion {
    if (this.#parser.commands.length > 0) return { candidates: subcommands(this.#parser) };
    const { registeredArguments } = this.#parser;
    const last = registeredArguments.at(-1);
    const next = registeredArguments[this.#operands.length] ?? (last?.variadic === true ? last : undefined);
    if (next === undefined) return NOTHING;
    if (next.argChoices !== undefined) return { candidates: next.argChoices.map(withoutSummary) };
    switch (kindOf(next)) {
      case "mirror":
        return { candidates: this.#known.mirrors() };
      case "package":
        return { candidates: this.#known.packages(this.#mirror, current) };
      default:
        return NOTHING;
    }
  }

  /** The first mirror among the operands. */
  get #mirror(): string | undefined {
    const index = this.#parser.registeredArguments.findIndex((each) => kindOf(each) === "mirror");
    return this.#operands[index];
  }

  /** What an option takes, by the placeholder that help shows. */
  #values({ flags, argChoices }: Option, current: string): Completion {
    if (argChoices !== undefined) return { candidates: argChoices.map(withoutSummary) };
    switch (/<(.*)>/.exec(flags)?.[1]) {
      case "mirror":
        return { candidates: this.#known.mirrors() };
      case "spec":
        return { candidates: this.#known.packages(this.#mirror, current) };
      case "file":
      case "env":
        return { candidates: [], paths: "files" };
      case "dir":
      case "root":
        return { candidates: [], paths: "directories" };
      default:
        return NOTHING;
    }
  }

  #optionOf(word: string): Option | undefined {
    return this.#parser.options.find(({ short, long }) => word === short || word === long);
  }

  /** Global options are hidden in the help of a command, but not here. */
  #flags(): readonly Candidate[] {
    const globals = new Set(this.#program.options.map(({ description }) => description));
    const offered = this.#parser.options.filter(
      ({ hidden, description }) => !hidden || globals.has(description),
    );
    const flags = offered.map(({ long, short, description }) => ({
      text: long ?? short ?? "",
      summary: description,
    }));
    return [...flags, { text: "--help", summary: "show this help" }];
  }
}

function subcommands({ commands }: Command): readonly Candidate[] {
  return commands.map((command) => ({ text: command.name(), summary: command.description() }));
}

function withoutSummary(text: string): Candidate {
  return { text, summary: "" };
}
