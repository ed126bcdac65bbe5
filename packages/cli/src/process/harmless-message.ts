// Keeps commander from suggesting what deletes or overwrites something, and from quoting what may be a password.

/** Commands and options that destroy what may exist nowhere else. */
const DESTRUCTIVE = new Set([
  ...["prune", "uninstall", "gc", "remove"],
  ...["--delete", "--yes", "--yes-to-all", "--clean", "--force", "--dependents"],
]);

/**
 * A message of commander without the value of an unknown option, as in `--oci-password=TOKEN`, and without suggestions
 * of destructive words: a suggestion is quickly taken.
 */
export function harmlessMessage(message: string): string {
  const withoutValue = message.replace(/(unknown option '-[^'=]*)=.*?(?='(?:\n|$))/s, "$1");
  return withoutValue.replace(/\n\(Did you mean (?:one of )?([^\n]*)\?\)/, (_, words: string) => {
    const harmless = words.split(", ").filter((word) => !DESTRUCTIVE.has(word));
    if (harmless.length === 0) return "";
    return `\n(Did you mean ${harmless.length === 1 ? "" : "one of "}${harmless.join(", ")}?)`;
  });
}
