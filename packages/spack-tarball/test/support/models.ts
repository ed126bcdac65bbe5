// Slow, obviously correct models of relocation: Spack's regular expressions over whole files (relocate_text.py).
// Every byte is one character, as in ISO 8859-1.

const escaped = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
const alternatives = (prefixes: readonly string[]) => prefixes.map(escaped).join("|");

/** Position and prefix of every match in a text. */
export function modelTextMatches(prefixes: readonly string[], text: Buffer): [number, string][] {
  if (prefixes.length === 0) return [];
  const expression = new RegExp(`(?<![\\w\\-_/])([\\w\\-_]*?)(${alternatives(prefixes)})([\\w\\-_/]*)`, "g");
  return [...text.toString("latin1").matchAll(expression)].map((match) => [
    match.index + (match[1] ?? "").length,
    match[2] ?? "",
  ]);
}

/** A text with every match replaced. */
export function modelRelocatedText(entries: readonly (readonly [string, string])[], text: Buffer): Buffer {
  const map = withoutIdentities(entries);
  const prefixes = [...map.keys()];
  if (prefixes.length === 0) return text;
  const expression = new RegExp(`(?<![\\w\\-_/])([\\w\\-_]*?)(${alternatives(prefixes)})([\\w\\-_/]*)`, "g");
  return Buffer.from(
    text
      .toString("latin1")
      .replaceAll(expression, (_, before, old, after) => `${before}${map.get(old)}${after}`),
    "latin1",
  );
}

/** The new bytes of a binary, and the strings that do not fit. */
export function modelRelocatedBinary(
  entries: readonly (readonly [string, string])[],
  binary: Buffer,
): { bytes: Buffer; blocked: { position: number; reason: string; found: string }[] } {
  const map = withoutIdentities(entries);
  const bytes = Buffer.from(binary);
  const blocked: { position: number; reason: string; found: string }[] = [];
  if (map.size === 0) return { bytes, blocked };
  const expression = new RegExp(`(${alternatives([...map.keys()])})([^\\0]{0,7}\\0)?`, "g");
  for (const match of binary.toString("latin1").matchAll(expression)) {
    const old = match[1] ?? "";
    const suffix = match[2];
    const replacement = map.get(old) ?? "";
    const shorter = old.length - replacement.length;
    const length = suffix === undefined ? -1 : suffix.length - 1;
    const found = old + (suffix?.slice(0, -1) ?? "");
    let written: string;
    if (shorter < 0) {
      blocked.push({ position: match.index, reason: "cannot-grow", found });
      continue;
    }
    if (suffix === undefined || length >= 7 || old.slice(length - 7) === replacement.slice(length - 7)) {
      written = "/".repeat(shorter) + replacement;
    } else if (shorter > 7) {
      written = replacement + suffix;
    } else {
      blocked.push({ position: match.index, reason: "cannot-shrink", found });
      continue;
    }
    bytes.write(written, match.index, "latin1");
  }
  return { bytes, blocked };
}

function withoutIdentities(entries: readonly (readonly [string, string])[]): Map<string, string> {
  return new Map([...new Map(entries)].filter(([old, replacement]) => old !== replacement));
}
