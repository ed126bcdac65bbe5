// Compares text and lists as Python does.

/**
 * Compares lists like Python's tuples: by the first difference, then by length. Negative if `left` is smaller, 0 if
 * they are equal, else positive.
 */
export function compareSequences<T>(
  left: readonly T[],
  right: readonly T[],
  compare: (left: T, right: T) => number,
): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const order = compare(left[index] as T, right[index] as T);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** Compares strings by code point, as Python does; JavaScript's `<` compares halves of surrogate pairs. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let index = 0;
  while (index < length && a.charCodeAt(index) === b.charCodeAt(index)) index += 1;
  if (index === length) return a.length - b.length;
  // The first half of a surrogate pair may be equal.
  if (index > 0 && isFirstHalf(a.charCodeAt(index - 1))) index -= 1;
  return (a.codePointAt(index) ?? 0) - (b.codePointAt(index) ?? 0);
}

function isFirstHalf(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
