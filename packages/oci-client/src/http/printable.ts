// The words of strangers on their way to a terminal.

/** A text in one line, without control characters, which could move the cursor or rewrite what stands above. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ").trim();
}
