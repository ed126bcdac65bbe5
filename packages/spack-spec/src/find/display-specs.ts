// Lists specs: grouped or not, in columns or with their paths.

import type { FormatOptions } from "../format/format-options.js";
import { formatAny } from "../format/format-spec.js";
import { sortSpecs } from "../model/sort-specs.js";
import type { Spec } from "../model/spec.js";
import { type Step, walkTree } from "../model/walk.js";
import { colorize } from "../text/color.js";
import { colify } from "./colify.js";
import { groupSpecs } from "./group-specs.js";
import type { OutputStyle } from "./terminal.js";

/** What to show of each spec, named after Spack's options. */
export interface DisplayOptions {
  /** Dependencies below each spec (`-d`). */
  readonly deps?: boolean;
  /** The prefix after each spec (`-p`). */
  readonly paths?: boolean;
  /** The first 7 characters of the hash before each spec (`-l`), or the whole hash (`-L`). */
  readonly long?: boolean;
  readonly veryLong?: boolean;
  /** Namespaces (`-N`), compiler flags (`-f`), variants (`-v`), and the version of the spec's format. */
  readonly namespaces?: boolean;
  readonly flags?: boolean;
  readonly variants?: boolean;
  readonly specfileFormat?: boolean;
  /** A format string instead of these (`--format`). */
  readonly format?: string;
  /** Whether to group specs by architecture and compiler; true by default. */
  readonly groups?: boolean;
}

/** What is needed to display specs, and how to decorate their lines. */
export interface DisplayContext {
  readonly style: OutputStyle;
  readonly formatOptions: FormatOptions;
  /** The prefix of a spec by its hash, for `paths`. */
  readonly prefixOf: (hash: string) => string | undefined;
  /** What to print before each spec, such as its install status. */
  readonly mark?: (spec: Spec) => string;
  readonly decorate?: (spec: Spec, text: string) => string;
}

/** The text of `specs` (`spack/cmd/__init__.py: display_specs`). @throws SpackOciError the errors of format strings */
export function displaySpecs(
  specs: readonly Spec[],
  options: DisplayOptions,
  context: DisplayContext,
): string {
  if (options.groups === false) return displayList(sortSpecs(specs), options, context);
  const groups = groupSpecs(specs, context.style);
  return groups.map((group) => group.heading + displayList(group.specs, options, context)).join("\n");
}

type Leveled = Pick<Step, "spec" | "depth">;

interface Line {
  readonly text: string;
  readonly spec: Spec | undefined;
}

function displayList(specs: readonly Spec[], options: DisplayOptions, context: DisplayContext): string {
  const line = (step: Leveled): Line => ({ text: lineText(step, options, context), spec: step.spec });
  const lines = specs.flatMap((spec): Line[] => {
    if (options.deps !== true) return [line({ spec, depth: 0 })];
    return [...walkTree([spec]).map(line), { text: "", spec: undefined }];
  });
  if (options.deps !== true && options.paths !== true) {
    return colify(
      lines.map(({ text }) => text),
      context.style.columns,
    );
  }
  const width = Math.max(0, ...lines.map(({ text }) => [...text].length)) + 2;
  return lines.map((each) => `${options.paths ? withPath(each, width, context) : each.text}\n`).join("");
}

function withPath({ text, spec }: Line, width: number, context: DisplayContext): string {
  if (spec === undefined) return "";
  return (
    text + " ".repeat(width - [...text].length) + ((spec.node && context.prefixOf(spec.node.hash)) ?? "")
  );
}

function lineText({ spec, depth }: Leveled, options: DisplayOptions, context: DisplayContext): string {
  const color = context.style.color === true;
  const text = formatAny(spec, formatOf(options), { ...context.formatOptions, color });
  const parts = [
    context.mark?.(spec) ?? "",
    options.long === true || options.veryLong === true ? `${hashOf(spec, options, color)} ` : "",
    "    ".repeat(depth),
    context.decorate?.(spec, text) ?? text,
  ];
  return parts.join("");
}

function hashOf(spec: Spec, options: DisplayOptions, color: boolean): string {
  const length = options.veryLong === true ? 32 : 7;
  return colorize(`@K{${(spec.node?.hash ?? "-".repeat(length)).slice(0, length)}}`, color);
}

function formatOf(options: DisplayOptions): string {
  const name = options.namespaces === true ? "{fullname}" : "{name}";
  const variants = options.variants === true ? "{variants}" : "";
  const flags = options.flags === true ? " {compiler_flags}" : "";
  const format = options.format ?? `${name}{@version}${variants}${flags}`;
  return options.specfileFormat === true ? `[{specfile_version}] ${format}` : format;
}
