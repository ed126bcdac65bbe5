// Combinations of items, in the order of Python's `itertools.combinations`.

/** All combinations of `length` items that keep their order. */
export function combinations<T>(items: readonly T[], length: number): T[][] {
  if (length === 0) return [[]];
  return items.flatMap((item, index) =>
    combinations(items.slice(index + 1), length - 1).map((rest) => [item, ...rest]),
  );
}
