// Makes text from packages harmless to read: control characters become visible, and it has an end.

/** Longer texts do not help anyone; the catalog has all of them. */
const MAX_LENGTH = 2000;

/**
 * Control characters, and those that change the direction or the order of the text around them (Unicode Standard Annex 9),
 * so that a name can look like another one.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** @param maxLength in UTF-16 code units */
export function visibleText(text: string, maxLength = MAX_LENGTH): string {
  const part = text.slice(0, maxLength).toWellFormed().replaceAll(INVISIBLE, codePoint);
  return text.length > maxLength ? `${part}… (${text.length.toLocaleString("en")} characters)` : part;
}

/** `<U+202E>`; tabs and ends of lines do no harm. */
function codePoint(character: string): string {
  if (character === "\t" || character === "\n") return character;
  return `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}>`;
}
