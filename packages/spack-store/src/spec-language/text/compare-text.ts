// Compares text as Python does, by code point: JavaScript's `<` compares UTF-16 units.

/** Negative if `left` stands before `right` in the order of code points, 0 if they are equal, else positive. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  const others = [...right];
  let index = 0;
  for (const character of left) {
    const other = others[index++];
    if (other === undefined) return 1;
    if (character !== other) return (character.codePointAt(0) ?? 0) - (other.codePointAt(0) ?? 0);
  }
  return -1;
}
