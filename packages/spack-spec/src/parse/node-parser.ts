// Parses one node of a spec: its name, versions, variants and hash, but not its dependencies.

import { SpackOciError } from "@spack-oci/errors";
import { type AbstractSpec, emptySpec } from "../model/abstract-spec.js";
import type { Spec } from "../model/spec.js";
import { stripQuotes } from "../text/quote.js";
import { applySetting, applyVersions, type Setting } from "./apply-setting.js";
import type { ParseOptions } from "./parse-options.js";

import type { TokenStream } from "./token-stream.js";
import type { Token } from "./tokenizer.js";

/**
 * The node that begins with the next token; an empty spec if none does (`spack/spec_parser.py: SpecNodeParser`).
 *
 * @throws SpackOciError `ERR_SPEC_TOKENS`, `ERR_SPEC_SYNTAX`, `ERR_VERSION`, `ERR_VERSION_RANGE`, `ERR_SPEC_FILE`
 */
export function parseNode(tokens: TokenStream, options: ParseOptions): Spec {
  const file = tokens.accept("FILENAME");
  if (file !== undefined) return (options.readSpecFile ?? refuseSpecFile)(file.text);
  const spec = emptySpec();
  if (tokens.next?.kind === "DEPENDENCY") return spec;
  parseName(tokens, spec);
  let hasVersion = false;
  for (;;) {
    const version = tokens.accept("VERSION_HASH_PAIR", "GIT_VERSION", "VERSION");
    if (version !== undefined) {
      if (hasVersion) throw tokens.error("Spec cannot have multiple versions");
      applyVersions(spec, version.text.slice(1), options);
      hasVersion = true;
      continue;
    }
    if (!parseSetting(tokens, spec, options) && !parseHash(tokens, spec)) return spec;
  }
}

function refuseSpecFile(path: string): never {
  throw new SpackOciError("ERR_SPEC_FILE", `'${path}' is a spec file, which is not supported here.`, {
    kind: "usage",
    place: path,
    hint: "Write the spec itself.",
  });
}

function parseName(tokens: TokenStream, spec: AbstractSpec): void {
  const name = tokens.accept("UNQUALIFIED_PACKAGE_NAME", "FULLY_QUALIFIED_PACKAGE_NAME")?.text;
  if (name === undefined || name === "*") return;
  const dot = name.lastIndexOf(".");
  spec.name = name.slice(dot + 1);
  if (dot >= 0) spec.namespace = name.slice(0, dot);
}

function parseSetting(tokens: TokenStream, spec: AbstractSpec, options: ParseOptions): boolean {
  const token = tokens.accept(
    "BOOL_VARIANT",
    "PROPAGATED_BOOL_VARIANT",
    "KEY_VALUE_PAIR",
    "PROPAGATED_KEY_VALUE_PAIR",
  );
  if (token === undefined) return false;
  try {
    applySetting(spec, settingOf(token), options);
  } catch (error) {
    throw tokens.error(error instanceof Error ? error.message : String(error), token, error);
  }
  return true;
}

function settingOf({ kind, text }: Token): Setting {
  if (kind === "BOOL_VARIANT" || kind === "PROPAGATED_BOOL_VARIANT") {
    const propagate = kind === "PROPAGATED_BOOL_VARIANT";
    return {
      name: text.slice(propagate ? 2 : 1).trim(),
      value: text.startsWith("+"),
      exact: true,
      propagate,
    };
  }
  const delimiter = kind === "PROPAGATED_KEY_VALUE_PAIR" ? "==" : "=";
  const at = text.indexOf(delimiter);
  const name = text.slice(0, at);
  const exact = name.endsWith(":");
  return {
    name: exact ? name.slice(0, -1) : name,
    value: stripQuotes(text.slice(at + delimiter.length)),
    exact,
    propagate: delimiter === "==",
  };
}

function parseHash(tokens: TokenStream, spec: AbstractSpec): boolean {
  if (spec.abstractHash) return false;
  const hash = tokens.accept("DAG_HASH");
  if (hash !== undefined) spec.abstractHash = hash.text.slice(1);
  return hash !== undefined;
}
