// The attributes of variants and compiler flags in format strings.

import { type CompilerFlags, formatCompilerFlags } from "../model/compiler-flags.js";
import { formatVariant, formatVariants, type VariantMap, type VariantValue } from "../model/variant.js";
import { pythonText, pythonTuple } from "../text/python-text.js";
import {
  type Attribute,
  attribute,
  booleanAttribute,
  functionAttributes,
  textAttribute,
} from "./attribute.js";

/** `variants`, whose attributes are the variants by name. */
export function variantsAttribute(variants: VariantMap): Attribute {
  return {
    text: () => formatVariants(variants),
    get: (name) => {
      const variant = variants.get(name);
      return variant && variantAttribute(variant);
    },
    holdsVariants: true,
  };
}

/** `compiler_flags`, which are only printed together. */
export function compilerFlagsAttribute(flags: CompilerFlags): Attribute {
  return attribute(formatCompilerFlags(flags), () => ({
    ...functionAttributes(
      "add_flag clear constrain copy get intersects items keys pop popitem satisfies setdefault",
    ),
    ...functionAttributes("update valid_compiler_flags values yaml_entry"),
  }));
}

function variantAttribute(variant: VariantValue): Attribute {
  const types = { bool: "1", single: "2", multi: "3" };
  const values = pythonTuple(variant.values);
  return attribute(formatVariant(variant), () => ({
    ...functionAttributes(
      "append constrain copy from_concretizer from_node_dict from_string_or_bool intersects",
    ),
    ...functionAttributes("satisfies set yaml_entry"),
    name: () => textAttribute(variant.name),
    value: () => attribute(variant.type === "multi" ? values : pythonText(variant.values[0] ?? "")),
    values: () => attribute(values),
    propagate: () => booleanAttribute(variant.propagate),
    concrete: () => booleanAttribute(variant.concrete),
    type: () => attribute(types[variant.type]),
  }));
}
