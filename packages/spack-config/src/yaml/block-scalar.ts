// Tells where block scalars (`|` and `>`) begin and end, for quotes and brackets are nothing but characters in them.

/** `|` or `>`, with what may stand before and behind it (YAML 1.2, section 8.1.1). */
const HEADER = /^(?:[&!]\S*\s+)*[|>][-+1-9]*$/;

/** What a node begins behind: the start of a line, or an indicator. */
const INDICATORS = ["", "-", "?", ":", "---"];

/** Whether a token begins a block scalar, if nothing follows it. */
export function isBlockHeader(before: string, token: string): boolean {
  return INDICATORS.includes(before) && HEADER.test(token);
}

/** The column of the key, or else of the last dash, that the block scalar belongs to whose header ends a line. */
export function parentColumn(line: string): number {
  if (line.startsWith("---")) return -1;
  const [start = ""] = /^ *(?:[-?] +)*/.exec(line) ?? [];
  const [node = ""] = line.slice(start.length).split(/\s+(?:#|$)/, 1);
  if (!HEADER.test(node)) return start.length;
  const dash = start.search(/[-?] *$/);
  return dash < 0 ? start.length - 1 : dash;
}

/** Whether a line is the text of a block scalar that belongs to something in a column. */
export function isBlockText(line: string, column: number): boolean {
  return line.trim() === "" || line.search(/[^ ]/) > column;
}
