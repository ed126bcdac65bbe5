// Reads variants and compiler flags from the parameters of a spec node.

import { asArray } from "../json/access.js";
import { isJsonArray, type Json } from "../json/value.js";
import { pythonText } from "../text/python-text.js";
import { type CompilerFlags, isCompilerFlagName } from "./compiler-flags.js";
import type { SpecNode } from "./node.js";
import type { VariantMap } from "./variant.js";
import { boolVariant, multiVariant, singleVariant, type VariantValue } from "./variant.js";

/**
 * The variants of `node`, including its patches (`spack/spec.py: SpecfileReaderBase.from_node_dict`, `spack/variant.py:
 * VariantValue.from_node_dict`).
 */
export function readVariants(node: SpecNode): VariantMap {
  const { propagated } = node;
  const variants = new Map<string, VariantValue>();
  for (const [name, value] of node.parameters) {
    if (!isCompilerFlagName(name)) variants.set(name, readVariant(name, value, propagated.includes(name)));
  }
  if (node.patches.length > 0) {
    variants.set("patches", multiVariant("patches", node.patches, { concrete: true }));
  }
  return variants;
}

/** The compiler flags of `node`, including empty ones. @throws SpackOciError `ERR_JSON_SHAPE` */
export function readCompilerFlags(node: SpecNode): CompilerFlags {
  const { propagated } = node;
  const flags = [...node.parameters].filter(([name]) => isCompilerFlagName(name));
  return new Map(
    flags.map(([name, values]) => {
      const texts = asArray(values, `${name} of ${node.name}`).map(pythonText);
      return [name, texts.map((value) => ({ value, propagate: propagated.includes(name) }))];
    }),
  );
}

function readVariant(name: string, value: Json, propagate: boolean): VariantValue {
  if (isJsonArray(value)) {
    const items = value.map((item) => (typeof item === "boolean" ? item : pythonText(item)));
    return multiVariant(name, items, { concrete: true, propagate });
  }
  const text = pythonText(value);
  const upper = text.toUpperCase();
  if (upper === "TRUE" || upper === "FALSE") return boolVariant(name, upper === "TRUE", propagate);
  return singleVariant(name, text, propagate);
}
