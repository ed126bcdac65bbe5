// Reads an age or a date.

import { InvalidArgumentError } from "commander";

const DAY = 24 * 60 * 60 * 1000;
const MILLISECONDS: Readonly<Record<string, number>> = {
  h: DAY / 24,
  d: DAY,
  w: 7 * DAY,
  y: 365 * DAY,
};

/** The point in time that an age (`12h`, `30d`, `6w`, `1y`) or a date (`2026-01-31`) refers to. */
export function readAge(text: string, now: Date = new Date()): Date {
  const [, count, unit = ""] = /^(\d{1,6})([hdwy])$/.exec(text) ?? [];
  const age = MILLISECONDS[unit];
  if (count !== undefined && age !== undefined) return new Date(now.getTime() - Number(count) * age);
  const [day] = /^\d{4}-\d{2}-\d{2}(?=T.|$)/.exec(text) ?? [];
  const date = new Date(day !== undefined && isDay(day) ? text : Number.NaN);
  if (!Number.isNaN(date.getTime())) return date;
  throw new InvalidArgumentError("Expected an age such as 12h, 30d, 6w or 1y, or a date such as 2026-01-31.");
}

/** Whether the calendar has this day: `Date` reads February 31 as a day in March. */
function isDay(day: string): boolean {
  const date = new Date(day);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}
