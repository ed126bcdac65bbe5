// Expands toolchains in specs: `%name`.

import { SpackOciError } from "@spack-oci/errors";
import { formatAny } from "../format/format-spec.js";
import { constrain } from "../match/constrain.js";
import { type AbstractSpec, emptySpec, insertEdge } from "../model/abstract-spec.js";
import { dependencyEdges, type Spec } from "../model/spec.js";
import { walkDepthFirst } from "../model/walk.js";
import type { Toolchain } from "./parse-options.js";

/** How a toolchain is applied. */
export interface ToolchainUse {
  /** Whether it was written with `%%`. */
  readonly propagate: boolean;
  readonly parse: (text: string) => Spec;
}

/**
 * Adds the dependencies of `toolchain` to `spec` (`spack/spec_parser.py: SpecParser._apply_toolchain`).
 *
 * @throws SpackOciError `ERR_SPEC_TOOLCHAIN` if it has dependencies written with `^`, `ERR_SPEC_CONFLICT`, and those of
 *   `parse`
 */
export function applyToolchain(
  spec: AbstractSpec,
  toolchain: Toolchain,
  { propagate, parse }: ToolchainUse,
): void {
  const parts = typeof toolchain === "string" ? [{ spec: toolchain }] : toolchain;
  for (const part of parts) {
    const parsed = parse(part.spec);
    checkDirect(parsed);
    const when = "when" in part && part.when ? parse(part.when) : undefined;
    constrain(spec, withEdges(parsed, propagate, when));
  }
}

function withEdges(spec: Spec, propagate: boolean, when: Spec | undefined): Spec {
  const copy = { ...emptySpec(), ...spec, dependencies: new Map(), node: undefined } as AbstractSpec;
  for (const edge of dependencyEdges(spec)) {
    const condition = when ?? edge.when;
    insertEdge(copy, { ...edge, parent: copy, propagate: propagate || edge.propagate, when: condition });
  }
  return copy;
}

function checkDirect(spec: Spec): void {
  const edges = walkDepthFirst([spec], { cover: "edges" }).map(({ edge }) => edge);
  const wrong = edges.find((edge) => edge !== undefined && !edge.direct);
  if (wrong === undefined) return;
  const text = `${formatAny(wrong.parent)} ^${formatAny(wrong.spec)}`;
  throw new SpackOciError(
    "ERR_SPEC_TOOLCHAIN",
    `cannot use '^' in toolchain definitions, and the current toolchain contains '${text}'`,
    { kind: "usage", hint: "Use % instead of ^ in toolchains." },
  );
}
