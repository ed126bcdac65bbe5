// What the live display and the periodic lines show of the work.

import stringWidth from "string-width";
import { printable } from "../../process/guarded-console.js";
import { formatBytes, formatDuration } from "../units.js";
import type { Activity, Work } from "./work.js";

/** Milliseconds after which a step without a known size shows how long it has taken. */
const MIN_SHOWN_TIME = 1000;
/** The longest name of a step, `relocating`, sets the width of its column. */
const STEP_WIDTH = 10;

/** `12/200  34 MB  8.2 MB/s  5 min left`, as far as these are known. */
export function summaryOf(work: Work, now: number): string {
  const { done, todo } = work.count;
  const rate = work.rate(now);
  const left = work.timeLeft(now);
  return [
    `${done}/${todo}`,
    formatBytes(work.bytes),
    ...(rate === undefined ? [] : [`${formatBytes(rate)}/s`]),
    ...(left === undefined ? [] : [`${formatDuration(left / 1000)} left`]),
  ].join("  ");
}

/** What is being done now, in a few words: `packing hdf5, fetching zlib`. */
export function activitiesOf(work: Work): string {
  const background = work.background === undefined ? [] : [work.background];
  return [...work.active.map(({ step, name }) => `${step} ${name}`), ...background].join(", ");
}

/** The summary, and below it a line for each activity, within a number of lines and columns. */
export function liveLines(
  work: Work,
  now: number,
  { lines, columns }: { readonly lines: number; readonly columns: number },
): readonly string[] {
  const summary = summaryOf(work, now);
  if (lines === 1 || work.active.length === 0)
    return [fit(`${summary}  ${activitiesOf(work)}`.trimEnd(), columns)];
  const shown = work.active.slice(0, lines - 1);
  const more = work.active.length - shown.length;
  return [
    fit(more > 0 ? `${summary}  +${more}` : summary, columns),
    ...shown.map((activity) => activityLine(activity, now, columns)),
  ];
}

function activityLine(activity: Activity, now: number, columns: number): string {
  const amount = amountOf(activity, now);
  const start = `  ${activity.step.padEnd(STEP_WIDTH)} `;
  const room = columns - start.length - (amount === "" ? 0 : amount.length + 2);
  const name = fit(activity.name, Math.max(1, room));
  return fit(amount === "" ? start + name : `${start}${name}  ${amount}`, columns);
}

function amountOf({ moved, total, since }: Activity, now: number): string {
  if (total !== undefined && total > 0) {
    const percent = Math.min(100, Math.floor((100 * moved) / total));
    return `${percent}% of ${formatBytes(total)}`;
  }
  if (moved > 0) return formatBytes(moved);
  return now - since < MIN_SHOWN_TIME ? "" : formatDuration((now - since) / 1000);
}

/** Text as it will be shown, cut to a number of columns. */
function fit(text: string, columns: number): string {
  const shown = printable(text);
  if (stringWidth(shown) <= columns) return shown;
  let kept = "";
  for (const character of shown) {
    if (stringWidth(kept + character) > columns - 1) break;
    kept += character;
  }
  return `${kept}…`;
}
