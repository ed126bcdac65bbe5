// Quotes text for shells.

/** A word that shells read as this text (Python: `shlex.quote`). */
export function quoted(text: string): string {
  if (text === "") return "''";
  return /[^\w@%+=:,./-]/.test(text) ? `'${text.replaceAll("'", `'"'"'`)}'` : text;
}
