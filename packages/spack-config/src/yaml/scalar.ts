// Resolves plain YAML scalars: YAML 1.2 as in Spack's parser, so `no` and `on` are strings.

import { pythonText } from "@spack-oci/spack-spec";
import type { ConfigScalar } from "./value.js";

const INTEGER = /^(?:[-+]?0b[01_]+|[-+]?0o?[0-7_]+|[-+]?[0-9_]+|[-+]?0x[0-9a-fA-F_]+)$/;
const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+|[-+]?\.[0-9_]+(?:[eE][-+][0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const TIMESTAMP =
  /^\d{4}-\d\d-\d\d$|^\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?$/;
const STARTS_A_NUMBER = /^[-+0-9.]/;

/** The value and type of a scalar. */
export type Resolved = Pick<ConfigScalar, "value" | "type">;

/**
 * The value of a plain (unquoted) scalar.
 *
 * Source: the resolver of the YAML library that Spack vendors
 * (`lib/spack/spack/vendor/ruamel/yaml/resolver.py`, version 1.2).
 */
export function resolvePlain(text: string): Resolved {
  if (/^(?:~|null|Null|NULL|)$/.test(text)) return { type: "null", value: null };
  if (/^(?:true|True|TRUE)$/.test(text)) return { type: "boolean", value: true };
  if (/^(?:false|False|FALSE)$/.test(text)) return { type: "boolean", value: false };
  if (STARTS_A_NUMBER.test(text)) {
    if (FLOAT.test(text)) return { type: "float", value: parseFloatText(text) };
    if (INTEGER.test(text) && /[0-9]/.test(text)) return { type: "integer", value: parseInteger(text) };
    if (TIMESTAMP.test(text)) return { type: "other", value: text };
  }
  return text === "=" ? { type: "other", value: text } : { type: "string", value: text };
}

/** Whether unquoted `text` is read as a string. */
export function isPlainString(text: string): boolean {
  return resolvePlain(text).type === "string" && text !== "<<";
}

/** A scalar as Python's `str()` prints it: `True`, `None`, `3.3`, `1e+22`. */
export function pythonScalar({ value, type }: Resolved): string {
  return type === "integer" ? String(value) : pythonText(value);
}

function parseInteger(text: string): number {
  const digits = text.replaceAll("_", "").replace(/^[-+]/, "");
  const magnitude = Number(/^0[0-7]/.test(digits) ? String(Number.parseInt(digits, 10)) : digits);
  return text.startsWith("-") ? -magnitude : magnitude;
}

function parseFloatText(text: string): number {
  const plain = text.replaceAll("_", "").toLowerCase();
  if (plain.endsWith(".nan")) return Number.NaN;
  if (plain.endsWith(".inf")) return plain.startsWith("-") ? -Infinity : Infinity;
  return Number(plain);
}
