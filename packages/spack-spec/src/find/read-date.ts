// Reads dates as `spack find --start-date` does.

const DATE = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?: (\d{2}):(\d{2})(?::(\d{2}))?)?)?)?$/;

const AGO = /^(a|\d+)\s*(year|month|week|day|hour|minute|second)s?\s*ago/;

const DAY = 24 * 60 * 60;

const SECONDS: Readonly<Record<string, number>> = {
  year: 365 * DAY,
  month: 30 * DAY,
  week: 7 * DAY,
  day: DAY,
  hour: 60 * 60,
  minute: 60,
  second: 1,
};

/**
 * A date in local time, such as `2026-01`, `2026-01-31` or `2026-01-31 12:00`, or relative to `now`: `yesterday` or
 * `2 weeks ago` (Spack: llnl/util/lang.py, `pretty_string_to_date`).
 *
 * @returns undefined if the text is not a date
 */
export function readDate(text: string, now: Date = new Date()): Date | undefined {
  const [, number, period = ""] = AGO.exec(text === "yesterday" ? "a day ago" : text) ?? [];
  if (number !== undefined) {
    const date = new Date(now);
    // As on the clock, like Python: a day has 24 hours even if the clock is changed.
    date.setSeconds(date.getSeconds() - (number === "a" ? 1 : Number(number)) * (SECONDS[period] ?? 0));
    return date;
  }
  const fields = DATE.exec(text)?.slice(1);
  if (fields === undefined) return undefined;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = fields.map((field) =>
    field === undefined ? undefined : Number(field),
  );
  const date = new Date(year, month - 1, day, hour, minute, second);
  if (year < 100) date.setFullYear(year);
  // Months and days that do not exist would run over into the next ones.
  const isReal =
    date.getMonth() === month - 1 && date.getDate() === day && hour < 24 && minute < 60 && second < 60;
  return isReal ? date : undefined;
}
