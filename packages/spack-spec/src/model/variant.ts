// Variants of a spec: how they are made from text or a spec file, and how they are written.

import { compareCodePoints } from "../text/compare.js";
import { pythonText } from "../text/python-text.js";
import { quoteIfNeeded } from "../text/quote.js";

/** A value of a variant. */
export type VariantItem = string | boolean;

/** A variant of a spec (`spack/variant.py: VariantValue`). */
export interface VariantValue {
  readonly name: string;
  /** Whether it is boolean, has a single value, or a set of values. */
  readonly type: "bool" | "single" | "multi";
  /** Sorted and unique. Empty means any value. */
  readonly values: readonly VariantItem[];
  /** Whether these are all values; if not, there may be more. */
  readonly concrete: boolean;
  /** Whether dependencies take the value, too (`++`, `~~`, `==`). */
  readonly propagate: boolean;
}

/** The variant `+name` or `~name`. */
export function boolVariant(name: string, value: boolean, propagate = false): VariantValue {
  return { name, type: "bool", values: [value], concrete: true, propagate };
}

/** A variant with one value. */
export function singleVariant(name: string, value: string, propagate = false): VariantValue {
  return { name, type: "single", values: [value], concrete: true, propagate };
}

/** A variant with a set of values, all of them if `concrete`. */
export function multiVariant(
  name: string,
  values: readonly VariantItem[],
  { concrete = false, propagate = false } = {},
): VariantValue {
  return { name, type: "multi", values: sortedItems(values), concrete, propagate };
}

/** `values` sorted and without duplicates. */
export function sortedItems(values: readonly VariantItem[]): readonly VariantItem[] {
  return [...new Set(values)].sort((left, right) => compareCodePoints(pythonText(left), pythonText(right)));
}

/** How the variant is written: `+name`, `~name`, `name=value`, `name:=all,values` (`VariantValue.__str__`). */
export function formatVariant(variant: VariantValue): string {
  const { name, values, propagate } = variant;
  if (variant.type === "bool") {
    const sigil = values[0] === true ? "+" : "~";
    return `${propagate ? sigil + sigil : sigil}${name}`;
  }
  const exact = variant.type === "multi" && variant.concrete ? ":" : "";
  return `${name}${exact}${propagate ? "==" : "="}${quoteIfNeeded(valuesText(variant))}`;
}

function valuesText({ name, values, concrete }: VariantValue): string {
  if (values.length === 0) return "*";
  const texts = values.map(pythonText);
  return (name === "patches" && concrete ? texts.map((text) => text.slice(0, 7)) : texts).join(",");
}

/** Variants by their names. */
export type VariantMap = ReadonlyMap<string, VariantValue>;

/** The variants sorted by name. */
export function sortedVariants(variants: VariantMap): readonly VariantValue[] {
  return [...variants.values()].sort((left, right) => compareCodePoints(left.name, right.name));
}

/** `+a~b` for boolean variants, then ` name=value` for the others (`spack/spec.py: VariantMap`). */
export function formatVariants(variants: VariantMap): string {
  const sorted = sortedVariants(variants);
  const bools = sorted.filter((variant) => variant.type === "bool").map(formatVariant);
  const others = sorted
    .filter((variant) => variant.type !== "bool")
    .map((variant) => ` ${formatVariant(variant)}`);
  return [...bools, ...others].join("");
}
