// Compares variants and compiler flags: whether they satisfy, overlap or narrow others.

import type { CompilerFlag, CompilerFlags } from "../model/compiler-flags.js";
import type { Spec } from "../model/spec.js";
import { sortedItems, type VariantValue } from "../model/variant.js";
import { walkDepthFirst } from "../model/walk.js";

/**
 * Whether `left` has the variants that `right` requires. A propagated one (`++debug`) only must not be contradicted
 * anywhere (`spack/spec.py: VariantMap.satisfies`).
 */
export function variantsSatisfy(left: Spec, right: Spec): boolean {
  const wanted = [...right.variants.values()];
  const concrete = left.node !== undefined;
  const found = wanted.every((variant) => {
    if (variant.propagate) return true;
    const own = left.variants.get(variant.name);
    return own !== undefined && (concrete || !own.propagate) && variantSatisfies(own, variant);
  });
  if (!found || !agreesWith(left, wanted)) return false;
  return concrete || agreesWith(right, [...left.variants.values()]);
}

/** Whether no spec in the DAG of `root` contradicts the propagated `variants`. */
function agreesWith(root: Spec, variants: readonly VariantValue[]): boolean {
  const propagated = variants.filter((variant) => variant.propagate);
  if (propagated.length === 0) return true;
  return walkDepthFirst([root]).every(({ spec }) =>
    propagated.every((variant) => {
      const own = spec.variants.get(variant.name);
      return own === undefined || variantSatisfies(own, variant);
    }),
  );
}

/**
 * Whether `left` has all values of `right`, and no others if `right` is exact. Patches may be abbreviated in `right`
 * (`spack/variant.py: VariantValue.satisfies`).
 */
function variantSatisfies(left: VariantValue, right: VariantValue): boolean {
  if (right.concrete) return left.concrete && sameValues(left, right);
  if (left.name !== "patches") return contains(left, right);
  return right.values.every((start) =>
    left.values.some(
      (value) => typeof value === "string" && typeof start === "string" && value.startsWith(start),
    ),
  );
}

/** Whether some variant satisfies both (`VariantValue.intersects`). */
export function variantsIntersect(left: VariantValue, right: VariantValue): boolean {
  if (left.concrete && right.concrete) return sameValues(left, right);
  if (left.concrete) return contains(left, right);
  return !right.concrete || contains(right, left);
}

/** The intersection of both, which must overlap (`VariantValue.constrain`). */
export function constrainVariant(left: VariantValue, right: VariantValue): VariantValue {
  const order = ["bool", "single", "multi"] as const;
  return {
    name: left.name,
    type: order[Math.min(order.indexOf(left.type), order.indexOf(right.type))] ?? left.type,
    values: sortedItems([...left.values, ...right.values]),
    concrete: left.concrete || right.concrete,
    propagate: left.propagate && right.propagate,
  };
}

/** Whether `left` has every flag of `right`, in any order (`spack/spec.py: FlagMap.satisfies`). */
export function flagsSatisfy(left: CompilerFlags, right: CompilerFlags): boolean {
  return [...right].every(([name, flags]) => {
    const own = left.get(name)?.map((flag) => flag.value);
    return own !== undefined && flags.every((flag) => own.includes(flag.value));
  });
}

/** `left`, followed by the flags of `right` that it lacks (`FlagMap.constrain`). */
export function constrainFlags(
  left: readonly CompilerFlag[],
  right: readonly CompilerFlag[],
): readonly CompilerFlag[] {
  return [...left, ...right.filter((flag) => !left.some((own) => own.value === flag.value))];
}

function contains(left: VariantValue, right: VariantValue): boolean {
  return right.values.every((value) => left.values.includes(value));
}

function sameValues(left: VariantValue, right: VariantValue): boolean {
  return left.values.length === right.values.length && contains(left, right);
}
