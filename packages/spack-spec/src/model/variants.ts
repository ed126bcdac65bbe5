// The variants of a spec by name, and how they are written together.
import { compareCodePoints } from "../specs/traversal.js";
import { formatVariant, type VariantValue } from "./variant.js";

/** Variants by their names. */
export type VariantMap = ReadonlyMap<string, VariantValue>;

/** The variants sorted by name. */
export function sortedVariants(variants: VariantMap): readonly VariantValue[] {
  return [...variants.values()].sort((left, right) => compareCodePoints(left.name, right.name));
}

/** First `+a~b` for those that are on or off, then ` name=value` for the others (`spack/spec.py: VariantMap`). */
export function formatVariants(variants: VariantMap): string {
  const sorted = sortedVariants(variants);
  const bools = sorted.filter((variant) => variant.type === "bool").map(formatVariant);
  const others = sorted
    .filter((variant) => variant.type !== "bool")
    .map((variant) => ` ${formatVariant(variant)}`);
  return [...bools, ...others].join("");
}
