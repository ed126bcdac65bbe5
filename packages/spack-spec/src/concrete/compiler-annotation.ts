// The compiler that Spack before 1.0 noted beside a spec, where now it is among the dependencies.

import { emptySpec } from "../model/abstract-spec.js";
import type { Spec } from "../model/spec.js";
import type { SpecNode } from "../specs/node.js";
import { parseVersionList } from "../versions/parse-version.js";
import { anyVersion } from "../versions/range.js";

/** The compiler noted in `node`, as a constraint such as `gcc@=12.2.0`, or `undefined` if there is none. */
export function compilerOf(node: SpecNode): Spec | undefined {
  const { compiler } = node.annotations;
  if (compiler === undefined) return undefined;
  const at = compiler.indexOf("@");
  return {
    ...emptySpec(),
    name: at < 0 ? compiler : compiler.slice(0, at),
    versions: at < 0 ? anyVersion : parseVersionList(compiler.slice(at + 1)),
  };
}
