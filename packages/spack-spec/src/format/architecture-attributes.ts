// The attributes of architectures and their targets in format strings.

import {
  type Architecture,
  formatArchitecture,
  isConcreteArchitecture,
  isConcreteTarget,
} from "../model/architecture.js";
import {
  genericOf,
  microarchitectureFamily,
  microarchitectureVendor,
  parentsOf,
} from "../model/microarchitectures.js";
import {
  type Attribute,
  attribute,
  booleanAttribute,
  functionAttributes,
  nothing,
  textAttribute,
} from "./attribute.js";

/** `architecture`, with `platform`, `os` and `target`. */
export function architectureAttribute(architecture: Architecture | undefined): Attribute {
  if (architecture === undefined) return nothing;
  return attribute(formatArchitecture(architecture), () => ({
    ...functionAttributes(
      "complete_with_defaults constrain copy default_arch from_dict intersects override satisfies",
    ),
    ...functionAttributes("to_dict"),
    platform: () => textAttribute(architecture.platform),
    os: () => textAttribute(architecture.os),
    target: () => targetAttribute(architecture.target),
    concrete: () => booleanAttribute(isConcreteArchitecture(architecture)),
    target_concrete: () => booleanAttribute(isConcreteTarget(architecture.target)),
  }));
}

/** `target`, with what archspec knows about the microarchitecture. */
export function targetAttribute(target: string | undefined): Attribute {
  if (target === undefined) return nothing;
  return attribute(target, () => ({
    ...functionAttributes("from_dict optimization_flags to_dict tree"),
    name: () => textAttribute(target),
    vendor: () => textAttribute(microarchitectureVendor(target)),
    family: () => targetAttribute(microarchitectureFamily(target)),
    generic: () => targetAttribute(genericOf(target)),
    parents: () =>
      attribute(
        `[${parentsOf(target)
          .map((parent) => `Microarchitecture('${parent}')`)
          .join(", ")}]`,
      ),
  }));
}
