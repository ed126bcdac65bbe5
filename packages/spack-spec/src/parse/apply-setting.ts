// Applies a token to a spec: variants, compiler flags, architecture, namespace and versions.

import type { AbstractSpec } from "../model/abstract-spec.js";
import { isCompilerFlagName, splitFlags } from "../model/compiler-flags.js";
import { boolVariant, multiVariant, type VariantValue } from "../model/variant.js";
import { parseStandardVersion } from "../versions/components.js";
import { parseVersionList } from "../versions/parse-version.js";
import type { Version } from "../versions/types.js";
import { applyArchitecture, settingError, wholeArchitecture } from "./apply-architecture.js";
import type { ParseOptions } from "./parse-options.js";

/** A setting as written: `+name`, `name=value`, `name:=value`, `name==value`. */
export interface Setting {
  readonly name: string;
  readonly value: string | boolean;
  /** Written with `:=`: there are no other values. */
  readonly exact: boolean;
  /** Written with two signs: dependencies take it, too. */
  readonly propagate: boolean;
}

const RESERVED = new Set(
  "arch architecture branch commit dev_path namespace operating_system os patches platform ref tag target".split(
    " ",
  ),
);

/**
 * Applies `setting` to `spec` (`spack/spec.py: Spec._add_flag`).
 *
 * @throws SpackOciError `ERR_SPEC_SETTING` if it is already set, or invalid
 */
export function applySetting(spec: AbstractSpec, setting: Setting, options: ParseOptions): void {
  const { name, value, propagate } = setting;
  if (propagate && RESERVED.has(name))
    throw settingError(`Propagation with '==' is not supported for '${name}'.`);
  const text = String(value);
  if (name === "arch" || name === "architecture")
    applyArchitecture(spec, wholeArchitecture(text), options.host);
  else if (name === "platform") applyArchitecture(spec, { platform: text }, options.host);
  else if (name === "os" || name === "operating_system") applyArchitecture(spec, { os: text }, options.host);
  else if (name === "target") applyArchitecture(spec, { target: text }, options.host);
  else if (name === "namespace") spec.namespace = text;
  else if (isCompilerFlagName(name)) applyFlags(spec, setting);
  else applyVariant(spec, setting);
}

/** Sets the versions written after `@`, resolving git references. @throws SpackOciError `ERR_VERSION` */
export function applyVersions(spec: AbstractSpec, text: string, options: ParseOptions): void {
  const lookup = (version: Version): Version => {
    if (version.type !== "git" || version.refVersion !== undefined || spec.name === "") return version;
    const found = options.gitVersion?.(spec.name, version.ref);
    return found === undefined ? version : { ...version, refVersion: parseStandardVersion(found) };
  };
  spec.versions = parseVersionList(text).map(lookup);
}

function applyVariant(spec: AbstractSpec, setting: Setting): void {
  const variant = variantOf(setting);
  if (spec.variants.has(variant.name)) throw settingError(`Cannot specify variant "${variant.name}" twice`);
  spec.variants.set(variant.name, variant);
}

function variantOf({ name, value, exact, propagate }: Setting): VariantValue {
  if (typeof value === "boolean") return boolVariant(name, value, propagate);
  const upper = value.toUpperCase();
  if (upper === "TRUE" || upper === "FALSE") return boolVariant(name, upper === "TRUE", propagate);
  if (value === "*") return multiVariant(name, [], { propagate });
  const values = value.split(",");
  if (values.includes("*")) throw settingError("cannot use reserved value '*'");
  return multiVariant(name, values, { concrete: exact, propagate });
}

function applyFlags(spec: AbstractSpec, { name, value, propagate }: Setting): void {
  if (typeof value === "boolean") throw settingError(`${name} must have a string value`);
  const flags = splitFlags(value, propagate);
  if (flags.length > 0) spec.compilerFlags.set(name, [...(spec.compilerFlags.get(name) ?? []), ...flags]);
}
