// Arranges texts in as many columns as fit on the terminal.

import { visibleLength } from "../text/color.js";

interface Columns {
  readonly count: number;
  readonly widths: number[];
  lineLength: number;
}

const PADDING = 2;

/**
 * `texts` in columns, filled from top to bottom and as wide as their widest text. Without a terminal (`columns` is its
 * width), one text per line (`spack/llnl/util/tty/colify.py: colify`).
 */
export function colify(texts: readonly string[], columns: number | undefined, indent = 0): string {
  const start = " ".repeat(indent);
  if (columns === undefined) return texts.map((text) => `${start}${text}\n`).join("");
  if (texts.length === 0) return "";
  const widths = fittingWidths(texts.map(visibleLength), Math.max(1, columns - indent));
  const rows = Math.ceil(texts.length / widths.length);
  const lines = Array.from({ length: rows }, (_, row) => {
    const cells = widths.map((width, column) => ({ text: texts[column * rows + row], width }));
    return start + joinCells(cells);
  });
  return lines.map((line) => `${line}\n`).join("");
}

function joinCells(cells: readonly { readonly text: string | undefined; readonly width: number }[]): string {
  const present = cells.filter((cell) => cell.text !== undefined);
  return present
    .map(({ text = "", width }, index) => {
      return index === present.length - 1
        ? text
        : text + " ".repeat(Math.max(0, width - visibleLength(text)));
    })
    .join("");
}

/** The widths of the columns of the widest table that fits (`config_variable_cols`). */
function fittingWidths(lengths: readonly number[], available: number): readonly number[] {
  const most = Math.max(1, Math.floor(available / (Math.min(...lengths) + PADDING)));
  for (let count = Math.min(lengths.length, most); count > 1; count -= 1) {
    const columns = measure(lengths, count);
    if (columns.lineLength < available) return columns.widths.filter((width) => width > 0);
  }
  return [Math.max(...lengths)];
}

function measure(lengths: readonly number[], count: number): Columns {
  const rows = Math.ceil(lengths.length / count);
  const columns: Columns = { count, widths: new Array<number>(count).fill(0), lineLength: 0 };
  for (const [index, length] of lengths.entries()) {
    const column = Math.floor(index / rows);
    const wanted = length + (column < count - 1 ? PADDING : 0);
    const width = columns.widths[column] ?? 0;
    if (width >= wanted) continue;
    columns.lineLength += wanted - width;
    columns.widths[column] = wanted;
  }
  return columns;
}
