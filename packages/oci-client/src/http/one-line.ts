// Text from strangers on its way to a terminal.

/** A text in one line, without control characters, which could move the cursor or overwrite earlier output. */
export function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it removes
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ").trim();
}
