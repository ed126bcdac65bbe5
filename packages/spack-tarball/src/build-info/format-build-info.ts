// Writes `binary_distribution` so that every version of Spack reads every file name correctly.

import type { BuildInfo } from "./build-info.js";

/**
 * One line of flow-style YAML. Names that every YAML reader takes for strings are written plainly, which gives the bytes
 * that Spack writes. All others are double-quoted and escaped, including those that Spack itself writes in a form that it
 * cannot read (`? x`, U+0085).
 */
export function formatBuildInfo(info: BuildInfo): Buffer {
  const fields: [string, string][] = [
    ...optionalField("sbang_install_path", info.sbangInstallPath),
    ["buildpath", scalar(info.buildPath)],
    ...optionalField("spackprefix", info.spackPrefix),
    ...optionalField("relative_prefix", info.relativePrefix),
    ["hardlinks_deduped", String(info.hardlinksDeduped)],
    [
      "hash_to_prefix",
      mapping([...info.hashToPrefix].map(([hash, prefix]) => [scalar(hash), scalar(prefix)])),
    ],
    ["relocate_binaries", sequence(info.relocateBinaries)],
    ["relocate_links", sequence(info.relocateLinks)],
    ["relocate_textfiles", sequence(info.relocateTextFiles)],
  ];
  return Buffer.from(`${mapping(fields)}\n`, "utf8");
}

function optionalField(key: string, value: string | undefined): [string, string][] {
  return value === undefined ? [] : [[key, scalar(value)]];
}

function mapping(fields: readonly (readonly [string, string])[]): string {
  return `{${fields.map(([key, value]) => `${key}: ${value}`).join(", ")}}`;
}

function sequence(values: readonly string[]): string {
  return `[${values.map(scalar).join(", ")}]`;
}

function scalar(value: string): string {
  return isPlainlyAString(value) ? value : doubleQuoted(value);
}

const WORD = /^(true|false|null|yes|no|on|off|y|n)$/i;
/** `.5`, `.5e+3`, `.inf` and the end of a document. */
const DOTTED = /^\.([0-9_]|(inf|nan)$|\.*$)/i;
const DAG_HASH = /^[a-z2-7]{32}$/;

/**
 * Whether a value has no YAML syntax in it, and no reader of YAML 1.1 or 1.2 takes it for a number, date, boolean or null.
 * A slash settles the latter, as does a letter that no number has in a string as long as a DAG hash.
 */
function isPlainlyAString(value: string): boolean {
  if (!/^[A-Za-z0-9/_.][A-Za-z0-9/_.+-]*$/.test(value)) return false;
  if (value.includes("/")) return true;
  if (/^[0-9]/.test(value)) return DAG_HASH.test(value) && /[g-z]/.test(value);
  return !WORD.test(value) && !DOTTED.test(value);
}

function doubleQuoted(value: string): string {
  const escaped = Array.from(value, (character) => {
    if (character === '"' || character === "\\") return `\\${character}`;
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0x20 && code < 0x7f) return character;
    return code > 0xffff
      ? `\\U${code.toString(16).padStart(8, "0")}`
      : `\\u${code.toString(16).padStart(4, "0")}`;
  });
  return `"${escaped.join("")}"`;
}
