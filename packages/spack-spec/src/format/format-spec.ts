// Formats a spec by a string such as `{name}{@version}{/hash:7}`.

import { findDependency } from "../model/find-dependency.js";
import type { Spec } from "../model/spec.js";
import { colorize, escapeColor } from "../text/color.js";
import { type Attribute, nothing } from "./attribute.js";
import { dependencyError, formatError, sigilError } from "./format-errors.js";
import type { FormatOptions, Formatter } from "./format-options.js";
import { DEFAULT_FORMAT } from "./formats.js";
import { specAttributes } from "./spec-attributes.js";
import { specText } from "./spec-texts.js";

// An escaped character; a field with its sigil, dependency, hash or attribute; or an unmatched closing brace.
const FIELD =
  /\\(?<escaped>[^\n])|\{(?<sigil> ?[%@/]|[\p{L}\p{N}_ ][\p{L}\p{N}_ -]*=)?(?:\^(?<dependency>[^}.]+)\.)?(?:(?<hash>hash(?![\p{L}\p{N}_]))(?::(?<length>\d+))?|(?<attribute>[^}]*))(?<close>\})?|(?<stray>\})/giu;

/** A field in braces: `{^mpi.@version}` has the sigil `@` and the name `version`. */
interface Field {
  readonly sigil: string;
  readonly name: string;
  readonly length?: string | undefined;
}

const OLD_FIELD = /\$\{[A-Z]+\}/;

const COLORS = { architecture: "@m", variant: "@B", compiler: "@g", version: "@c", hash: "@K" };

/**
 * `spec` formatted by a string, trimmed (`spack/spec.py: Spec.format`).
 *
 * @throws SpackOciError `ERR_SPEC_FORMAT`, `ERR_SPEC_FORMAT_SIGIL`, `ERR_SPEC_FORMAT_DEPENDENCY`
 */
export function formatAny(spec: Spec, format: string = DEFAULT_FORMAT, options: FormatOptions = {}): string {
  const old = OLD_FIELD.exec(format);
  if (old !== null) {
    throw formatError(
      `Format string \`${format}\` contains old syntax \`${old[0]}\`. This is no longer supported.`,
    );
  }
  const printed = format.replace(FIELD, (...match) =>
    formatMatch(spec, match.at(-1) as FieldMatch, { format, options }),
  );
  return printed.trim();
}

/** The named groups of {@link FIELD}. */
interface FieldMatch {
  readonly escaped?: string;
  readonly sigil?: string;
  readonly dependency?: string;
  readonly hash?: string;
  readonly length?: string;
  readonly attribute?: string;
  readonly close?: string;
  readonly stray?: string;
}

function formatMatch(
  spec: Spec,
  { escaped, stray, close, dependency, hash, length, sigil = "", attribute = "" }: FieldMatch,
  { format, options }: { readonly format: string; readonly options: FormatOptions },
): string {
  if (escaped !== undefined) return escaped;
  if (stray !== undefined) throw formatError(`Unmatched close brace: '${format}'`);
  if (close === undefined) throw formatError(`Missing close brace: '${format}'`);
  const node = dependency === undefined ? spec : namedDependency(spec, dependency, options);
  if (hash !== undefined) return formatHash(node, { sigil, name: hash, length }, options);
  return formatField(node, { sigil, name: attribute }, options);
}

/**
 * `spec` as text (`Spec.__str__`).
 *
 * @example
 * ```ts
 * import { parseSpec, textOf } from "@spack-oci/spack-spec";
 *
 * console.log(textOf(parseSpec("zlib +shared~pic @1.3:"))); // zlib@1.3:~pic+shared
 * ```
 */
export function textOf(spec: Spec): string {
  return specText(spec, formatterWith({}));
}

function formatterWith(options: FormatOptions): Formatter {
  return (spec, format, own) => formatAny(spec, format, { ...options, color: own?.color ?? false });
}

function namedDependency(spec: Spec, name: string, options: FormatOptions): Spec {
  const found = findDependency(spec, name);
  if (found === undefined) throw dependencyError(name, specText(spec, formatterWith(options)));
  return found;
}

function formatHash(spec: Spec, { sigil, name, length }: Field, options: FormatOptions): string {
  if (sigil !== "" && sigil !== "/") throw sigilError(sigil, "DAG hashes", name);
  if (spec.node === undefined)
    throw formatError("Attempted to format the hash of a spec that is not concrete");
  const hash = spec.node.hash.slice(0, length === undefined ? undefined : Number(length));
  return paint(sigil + hash, COLORS.hash, options);
}

function formatField(spec: Spec, { sigil, name: written }: Field, options: FormatOptions): string {
  if (written === "") throw formatError("Format string attributes must be non-empty");
  const name = written.toLowerCase();
  const parts = name.split(".");
  checkSigil(sigil, name, parts);
  let current: Attribute = specAttributes(spec, options, formatterWith(options));
  for (const [index, part] of parts.entries()) {
    checkPart(part);
    const next = current.get(part);
    if (next === undefined && current.holdsVariants === true)
      throw formatError(`Variant '${part}' does not exist`);
    if (next === undefined && part === "compiler") return "none";
    if (next === undefined) {
      const owner = parts.slice(0, index).join(".");
      throw formatError(`Attempted to format attribute ${name}. Spec ${owner} has no attribute ${part}`);
    }
    if (next === nothing) return "";
    if (next.isFunction === true) throw formatError("Attempted to format callable object");
    current = next;
  }
  const text = current.text();
  if (text === undefined) return "";
  return text === "" ? sigil : paint(sigil + text, colorOf(parts, sigil), options);
}

function checkSigil(sigil: string, name: string, parts: readonly string[]): void {
  const last = parts.at(-1) ?? "";
  if (sigil === "@" && !["versions", "version"].includes(last)) throw sigilError(sigil, "versions", name);
  if (sigil === "%" && !["compiler", "compiler.name"].includes(name))
    throw sigilError(sigil, "compilers", name);
  if (sigil === "/" && name !== "abstract_hash") throw sigilError(sigil, "DAG hashes", name);
}

function checkPart(part: string): void {
  if (part === "") throw formatError("Format string attributes must be non-empty");
  if (part.startsWith("_")) throw formatError("Attempted to format private attribute");
}

function colorOf(parts: readonly string[], sigil: string): string | undefined {
  if (parts.includes("architecture")) return COLORS.architecture;
  if (parts.includes("variants") || sigil.endsWith("=")) return COLORS.variant;
  if (["compiler", "compilers", "compiler_flags"].some((name) => parts.includes(name)))
    return COLORS.compiler;
  return parts.includes("version") || parts.includes("versions") ? COLORS.version : undefined;
}

function paint(text: string, color: string | undefined, options: FormatOptions): string {
  if (options.color !== true || color === undefined) return text;
  return colorize(`${color}${escapeColor(text)}@.`, true);
}
