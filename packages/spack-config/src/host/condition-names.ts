// The names that a `when:` condition can use.

import { hostname } from "node:os";
import type { HostArchitecture, ProcessEnvironment } from "./host.js";
import type { PythonValue } from "./python-value.js";

/**
 * The host and the process environment, named as in Spack's conditions.
 *
 * Source: `lib/spack/spack/spec.py`, `get_host_environment` and `eval_conditional`.
 */
export function conditionNames({
  env,
  host,
}: {
  readonly env: ProcessEnvironment;
  readonly host: () => HostArchitecture;
}): ReadonlyMap<string, PythonValue> {
  const variables = Object.entries(env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return new LazyNames(new Map<string, PythonValue>([["env", new Map(variables)]]), () => {
    const { platform, os, target } = host();
    return new Map<string, PythonValue>([
      ["platform", platform],
      ["os", os],
      ["target", target.name],
      ["arch_str", `arch=${platform}-${os}-${target.name}`],
      ["hostname", hostname()],
    ]);
  });
}

/** Detects the host only if a condition uses it: finding the target of the processor reads two files. */
class LazyNames extends Map<string, PythonValue> {
  #more: (() => ReadonlyMap<string, PythonValue>) | undefined;

  constructor(known: ReadonlyMap<string, PythonValue>, more: () => ReadonlyMap<string, PythonValue>) {
    super(known);
    this.#more = more;
  }

  override get(name: string): PythonValue | undefined {
    if (!super.has(name) && this.#more !== undefined) {
      for (const [key, value] of this.#more()) this.set(key, value);
      this.#more = undefined;
    }
    return super.get(name);
  }
}
