// Compares lists as Python compares tuples: by the first difference, then by length.

/** Negative if `left` comes before `right`, 0 if they are equal, else positive. */
export function compareSequences<T>(
  left: readonly T[],
  right: readonly T[],
  compare: (left: T, right: T) => number,
): number {
  for (const [index, item] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const order = compare(item, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}
