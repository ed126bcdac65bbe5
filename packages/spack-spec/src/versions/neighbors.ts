// The versions right after and before a version: a range ends before the successor of its last version.

import { infinityWord, isInfinityWord, versionWord } from "./components.js";
import {
  FINAL_RELEASE,
  PRERELEASE_KINDS,
  type StandardVersion,
  type VersionComponent,
  type VersionWord,
} from "./types.js";

/**
 * The smallest version after all that begin with `version`: `1.3` for `1.2`, `1.2rc2` for `1.2rc1`
 * (`spack/version/version_types.py: _next_version`).
 */
export function nextVersion(version: StandardVersion): StandardVersion {
  const [kind, number] = version.prerelease;
  if (kind !== FINAL_RELEASE) {
    return computedVersion({ ...version, prerelease: [kind, number === undefined ? 0n : number + 1n] });
  }
  const last = version.release.at(-1);
  if (last === undefined)
    return computedVersion({ ...version, release: [versionWord("A")], separators: [""] });
  return replaceLast(version, typeof last === "bigint" ? last + 1n : nextWord(last));
}

/** The version whose successor is `version` (`spack/version/version_types.py: _prev_version`). */
export function previousVersion(version: StandardVersion): StandardVersion {
  const [kind, number] = version.prerelease;
  if (kind !== FINAL_RELEASE) {
    return computedVersion({
      ...version,
      prerelease: number === undefined || number === 0n ? [kind] : [kind, number - 1n],
    });
  }
  const last = version.release.at(-1);
  if (last === undefined) return version;
  return replaceLast(version, typeof last === "bigint" ? last - 1n : previousWord(last));
}

function replaceLast(version: StandardVersion, last: VersionComponent): StandardVersion {
  return computedVersion({ ...version, release: [...version.release.slice(0, -1), last] });
}

function computedVersion(version: StandardVersion): StandardVersion {
  const { release, prerelease, separators } = version;
  let text = release.map((part, index) => `${componentText(part)}${separators[index] ?? ""}`).join("");
  if (prerelease[0] !== FINAL_RELEASE) text += PRERELEASE_KINDS[prerelease[0]];
  if (prerelease[1] !== undefined) text += `${separators[release.length] ?? ""}${prerelease[1]}`;
  return { ...version, text };
}

function componentText(part: VersionComponent): string {
  return typeof part === "bigint" ? String(part) : part.text;
}

function nextWord(word: VersionWord): VersionWord {
  if (word.infinity !== undefined) return infinityWord(word.infinity + 1);
  let text = word.text;
  do text = nextLetters(text);
  while (isInfinityWord(text));
  return versionWord(text);
}

function previousWord(word: VersionWord): VersionWord {
  if (word.infinity !== undefined) return infinityWord(word.infinity - 1);
  let text = word.text;
  do text = previousLetters(text);
  while (isInfinityWord(text));
  return versionWord(text);
}

function nextLetters(text: string): string {
  const last = text.at(-1);
  if (last === undefined || last === "z") return `${text}A`;
  return text.slice(0, -1) + (last === "Z" ? "a" : String.fromCharCode(last.charCodeAt(0) + 1));
}

function previousLetters(text: string): string {
  const last = text.at(-1);
  if (last === undefined || last === "A") return text.slice(0, -1);
  return text.slice(0, -1) + (last === "a" ? "Z" : String.fromCharCode(last.charCodeAt(0) - 1));
}
