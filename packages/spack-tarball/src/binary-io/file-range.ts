// Ranges of a file: how they lie to each other, and where they move.

export interface FileRange {
  readonly offset: number;
  readonly size: number;
}

export function overlaps(left: FileRange, right: FileRange): boolean {
  return left.offset < right.offset + right.size && right.offset < left.offset + left.size;
}

export function contains(whole: FileRange, part: FileRange): boolean {
  return part.offset >= whole.offset && part.offset + part.size <= whole.offset + whole.size;
}

/** The ranges in order, with overlapping ones merged. */
export function mergeRanges(ranges: readonly FileRange[]): FileRange[] {
  const merged: FileRange[] = [];
  for (const range of ranges.toSorted((left, right) => left.offset - right.offset)) {
    const last = merged.at(-1);
    if (last === undefined || !overlaps(last, range)) merged.push(range);
    else merged[merged.length - 1] = hull(last, range);
  }
  return merged;
}

function hull(first: FileRange, second: FileRange): FileRange {
  const end = Math.max(first.offset + first.size, second.offset + second.size);
  return { offset: first.offset, size: end - first.offset };
}

export function alignUp(value: number, alignment: number): number {
  return Math.ceil(value / alignment) * alignment;
}

/** Bytes for a position of the file. */
export interface FileWrite {
  readonly position: number;
  readonly bytes: Buffer;
}

/** A part of the file that moves, and may change its size. */
export interface Move {
  readonly from: FileRange;
  readonly to: FileRange;
}

/** Where a range goes if it moves, alone or as part of a larger one; undefined if it stays. */
export function movedTo(range: FileRange, moves: readonly Move[]): FileRange | undefined {
  const move = moves.find(({ from }) => contains(from, range));
  if (move === undefined) return undefined;
  const isResized = move.from.size !== move.to.size;
  return isResized ? move.to : { offset: move.to.offset + range.offset - move.from.offset, size: range.size };
}
