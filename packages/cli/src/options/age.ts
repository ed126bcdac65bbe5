// An age or a date on the command line.

import { InvalidArgumentError } from "commander";

const DAY = 24 * 60 * 60 * 1000;
const milliseconds: Readonly<Record<string, number>> = {
  h: DAY / 24,
  d: DAY,
  w: 7 * DAY,
  y: 365 * DAY,
};

/** The time before which something is older: `12h`, `30d`, `6w` or `1y` before now, or a date such as `2026-01-31`. */
export function readAge(text: string, now: Date = new Date()): Date {
  const [, count, unit = ""] = /^(\d{1,6})([hdwy])$/.exec(text) ?? [];
  const age = milliseconds[unit];
  if (count !== undefined && age !== undefined) return new Date(now.getTime() - Number(count) * age);
  const [day] = /^\d{4}-\d{2}-\d{2}(?=T.|$)/.exec(text) ?? [];
  const date = new Date(day !== undefined && isDay(day) ? text : Number.NaN);
  if (!Number.isNaN(date.getTime())) return date;
  throw new InvalidArgumentError("It must be like 12h, 30d, 6w or 1y, or a date like 2026-01-31.");
}

/** Whether the calendar has it: `Date` takes the 31st of February for a day in March. */
function isDay(day: string): boolean {
  const date = new Date(day);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}
