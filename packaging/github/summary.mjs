// Describes what a command did: as Markdown for the summary of a job, as annotations, and as one line for the log.

import { markdownCode, markdownText, workflowCommand } from "./escape.mjs";

/** @import { Failure, Outcome } from "./outcome.mjs" */
/** @typedef {{ command: string, mirror: string, seconds: number, isDryRun: boolean }} CommandRun */

/** How many rows a table has; GitHub drops a summary of more than 1 MiB. */
const MAX_ROWS = 200;

/** In characters, of one message in a table. */
const MAX_MESSAGE = 500;

/** GitHub shows this many errors of a step, and as many warnings. */
const MAX_ANNOTATIONS = 10;

/**
 * @param {Outcome} outcome
 * @param {CommandRun} run
 */
export function summaryOf(outcome, run) {
  const { deed, done, planned, present, skipped, failures, warnings } = outcome;
  const heading = `### spack-oci ${markdownText(run.command)} ${markdownCode(run.mirror)}`;
  return [
    run.mirror === "" ? `### spack-oci ${markdownText(run.command)}` : heading,
    sentence(outcome, run),
    ...table(["Failed", "Problem", "What to do"], failures.map(problemRow)),
    ...table(["Warning", "Problem", "What to do"], warnings.map(problemRow)),
    ...(skipped.length > 0 ? [`Skipped, because their dependencies failed: ${inline(skipped)}`] : []),
    ...table(
      [capitalized(deed ?? "done"), "Size"],
      done.map(({ name, bytes }) => [markdownCode(name), bytes === undefined ? "" : formatBytes(bytes)]),
    ),
    ...folded("Planned", run.isDryRun ? planned : []),
    ...folded(deed === undefined ? "Packages" : "Already present", present),
    "",
  ].join("\n\n");
}

/**
 * Lines for the log of a step.
 *
 * @param {Outcome} outcome
 * @param {CommandRun} run
 */
export function annotationsOf({ failures, warnings }, { command }) {
  return [
    ...failures.slice(0, MAX_ANNOTATIONS).map((each) => annotation("error", command, each)),
    ...warnings.slice(0, MAX_ANNOTATIONS).map((each) => annotation("warning", command, each)),
  ];
}

/**
 * What happened, in one line.
 *
 * @param {Outcome} outcome
 * @param {CommandRun} run
 */
export function sentence(outcome, run) {
  const { skipped, failures, indexes } = outcome;
  const parts = [
    ...counts(outcome, run),
    ...(failures.length > 0 ? [`${failures.length} failed`] : []),
    ...(skipped.length > 0 ? [`${skipped.length} skipped`] : []),
    ...indexes.map(
      ({ outcome, specs }) =>
        `index ${outcome}${specs === undefined ? "" : `, ${formatCount(specs, "spec")}`}`,
    ),
  ];
  return `${capitalized(parts.join("; ") || "done")}; ${formatSeconds(run.seconds)}.`;
}

function counts({ deed, done, planned, present }, { isDryRun }) {
  if (deed === undefined) return present.length > 0 ? [formatCount(present.length, "package")] : [];
  const noun = ["copied", "deleted"].includes(deed) ? "tag" : "package";
  const size = done.reduce((sum, { bytes = 0 }) => sum + bytes, 0);
  const what = isDryRun
    ? `would have ${deed} ${formatCount(planned.length, noun)}`
    : `${deed} ${formatCount(done.length, noun)}${size > 0 ? ` (${formatBytes(size)})` : ""}`;
  return [what, ...(present.length > 0 ? [`${present.length} already present`] : [])];
}

/** @param {Failure} failure */
function problemRow({ name, error: { code, message, hint } }) {
  const text = message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)} ...` : message;
  return [
    name === "" ? "" : markdownCode(name),
    `${markdownText(text)}${code ? ` (${markdownCode(code)})` : ""}`,
    markdownText(hint ?? ""),
  ];
}

function annotation(level, command, { name, error }) {
  const title = [`spack-oci ${command}`, name, error.code].filter((part) => part).join(" ");
  const message = [error.message, error.hint].filter((part) => part).join("\n");
  return workflowCommand(level, { title, message });
}

function table(columns, rows) {
  if (rows.length === 0) return [];
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const shown = rows.slice(0, MAX_ROWS).map(line);
  const more =
    rows.length > MAX_ROWS ? [`${rows.length - MAX_ROWS} more are in the log or the JSON file.`] : [];
  return [[line(columns), line(columns.map(() => "---")), ...shown].join("\n"), ...more];
}

function folded(title, names) {
  if (names.length === 0) return [];
  return [`<details><summary>${title}: ${names.length}</summary>`, inline(names), "</details>"];
}

function inline(names) {
  const more = names.length > MAX_ROWS ? `, and ${names.length - MAX_ROWS} more` : "";
  return `${names.slice(0, MAX_ROWS).map(markdownCode).join(", ")}${more}`;
}

function capitalized(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function formatCount(count, noun) {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** In powers of 1000, as the command line shows sizes. */
function formatBytes(count) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = Math.min(Math.max(Math.floor(Math.log10(count || 1) / 3), 0), units.length - 1);
  const value = count / 1000 ** power;
  return `${power > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[power]}`;
}

function formatSeconds(seconds) {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
