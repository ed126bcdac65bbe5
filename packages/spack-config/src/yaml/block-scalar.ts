// Finds block scalars (`|` and `>`), in which quotes and brackets are plain characters.

/** `|` or `>`, with properties and indicators (YAML 1.2, section 8.1.1). */
const HEADER = /^(?:[&!]\S*\s+)*[|>][-+1-9]*$/;

/** What can precede a node: the start of a line, or an indicator. */
const INDICATORS = ["", "-", "?", ":", "---"];

/** Whether a token at the end of a line begins a block scalar. */
export function isBlockHeader(before: string, token: string): boolean {
  return INDICATORS.includes(before) && HEADER.test(token);
}

/** The column of the key or last dash to which the block scalar at the end of a line belongs. */
export function parentColumn(line: string): number {
  if (line.startsWith("---")) return -1;
  const [start = ""] = /^ *(?:[-?] +)*/.exec(line) ?? [];
  const [node = ""] = line.slice(start.length).split(/\s+(?:#|$)/, 1);
  if (!HEADER.test(node)) return start.length;
  const dash = start.search(/[-?] *$/);
  return dash < 0 ? start.length - 1 : dash;
}

/** Whether a line belongs to a block scalar whose parent is in this column. */
export function isBlockText(line: string, column: number): boolean {
  return line.trim() === "" || line.search(/[^ ]/) > column;
}
