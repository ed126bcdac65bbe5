// Keeps commander from suggesting what deletes or overwrites something: a suggestion is quickly taken.

/** Commands and options that destroy what may exist nowhere else. */
const DESTRUCTIVE = new Set(["prune", "--delete", "--yes", "--clean", "--force"]);

/** A message of commander without suggestions of destructive words. */
export function withHarmlessSuggestions(message: string): string {
  return message.replace(/\n\(Did you mean (?:one of )?([^\n]*)\?\)/, (_, words: string) => {
    const harmless = words.split(", ").filter((word) => !DESTRUCTIVE.has(word));
    if (harmless.length === 0) return "";
    return `\n(Did you mean ${harmless.length === 1 ? "" : "one of "}${harmless.join(", ")}?)`;
  });
}
