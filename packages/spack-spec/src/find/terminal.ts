// How output looks: with or without colors, on a terminal or in a file.

import { colorize, escapeColor, visibleLength } from "../text/color.js";

/** Where output goes. */
export interface OutputStyle {
  /** Whether to write escape sequences for colors. */
  readonly color?: boolean;
  /** The width of the terminal in characters; unset if the output is not a terminal. */
  readonly columns?: number;
}

/** `==> message`, as Spack reports what it does (`spack/llnl/util/tty/__init__.py: msg`). */
export function message(text: string, style: OutputStyle): string {
  return `${colorize(`@*b{==>} ${escapeColor(text)}`, style.color === true)}\n`;
}

/** `-- label ----`, 64 characters long or as wide as the terminal allows (`hline`). */
export function labelledLine(label: string, style: OutputStyle): string {
  const width = Math.min(64, (style.columns ?? 80) - 2);
  const start = "-- ";
  return `${start}${label} ${"-".repeat(Math.max(0, width - start.length - visibleLength(label)))}\n`;
}

/** `3 installed packages` (`spack/llnl/string.py: plural`). */
export function plural(count: number, singular: string): string {
  return `${count} ${singular}${count === 1 ? "" : "s"}`;
}
