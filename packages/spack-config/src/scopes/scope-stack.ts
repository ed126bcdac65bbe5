// The scopes of a configuration and their includes, from weakest to strongest.

import { SpackOciError } from "@spack-oci/errors";
import { includedScopes } from "./include.js";
import type { ConfigScope, ScopeContext } from "./scope.js";

/** Kinds of scopes; higher is stronger. Source: `lib/spack/spack/enums.py`, `ConfigScopePriority`. */
export const SCOPE_PRIORITY = {
  defaults: 0,
  configFiles: 1,
  environment: 2,
  custom: 3,
  commandLine: 4,
} as const;

export type ScopePriority = (typeof SCOPE_PRIORITY)[keyof typeof SCOPE_PRIORITY];

const MAX_DEPTH = 100;

interface StackPlace {
  readonly priority: ScopePriority;
  readonly context: ScopeContext;
  /** The depth of includes that led to this scope. */
  readonly depth: number;
}

interface StackedScope {
  readonly scope: ConfigScope;
  readonly priority: ScopePriority;
  readonly included: readonly ConfigScope[];
}

/** Scopes by strength. Source: `lib/spack/spack/config.py`, `Configuration.push_scope`. */
export class ScopeStack {
  #stacked: StackedScope[] = [];

  /**
   * Adds a scope, and below it the scopes that it includes. A scope with the same name is replaced.
   *
   * @throws SpackOciError `ERR_CONFIG_INCLUDE` if scopes include each other endlessly, and the errors of {@link
   *   includedScopes}.
   */
  push(scope: ConfigScope, priority: ScopePriority, context: ScopeContext): void {
    this.#push(scope, { priority, context, depth: 0 });
  }

  #push(scope: ConfigScope, place: StackPlace): void {
    const { priority, context, depth } = place;
    if (depth > MAX_DEPTH) {
      throw new SpackOciError("ERR_CONFIG_INCLUDE", `Scope ${scope.name} is included recursively.`, {
        kind: "usage",
        place: scope.path,
        hint: "Remove the circular include.",
      });
    }
    const included = includedScopes(scope, context);
    for (const each of included.toReversed()) this.#push(each, { ...place, depth: depth + 1 });
    this.add(scope, priority, included);
  }

  /** Adds a scope without its includes, which must have been added before. */
  add(scope: ConfigScope, priority: ScopePriority, included: readonly ConfigScope[] = []): void {
    const others = this.#stacked.filter((each) => each.scope.name !== scope.name);
    const isBelow = (each: StackedScope) => each.priority <= priority;
    this.#stacked = [
      ...others.filter(isBelow),
      { scope, priority, included },
      ...others.filter((each) => !isBelow(each)),
    ];
  }

  /** All scopes, from weakest to strongest. */
  get scopes(): ConfigScope[] {
    return this.#stacked.map(({ scope }) => scope);
  }

  /**
   * The effective scopes: `include::` in a scope drops all weaker ones except the defaults and its own includes.
   *
   * Source: `lib/spack/spack/config.py`, `Configuration._filter_overridden`.
   */
  get activeScopes(): ConfigScope[] {
    const overriding = this.#stacked.findLastIndex(
      ({ scope }) => scope.section("include")?.key.override === true,
    );
    const last = this.#stacked[overriding];
    if (last === undefined) return this.scopes;
    const kept = this.#withIncludes(last.scope.name, new Set());
    return this.#stacked
      .filter(({ scope, priority }, index) => {
        return index >= overriding || priority === SCOPE_PRIORITY.defaults || kept.has(scope.name);
      })
      .map(({ scope }) => scope);
  }

  /**
   * The scope that a change goes to if none is named: the strongest with a file, or the one it includes with
   * `prefer_modify`, such as the user's.
   *
   * Source: `lib/spack/spack/config.py`, `Configuration.highest_precedence_scope`.
   */
  get preferredScope(): ConfigScope | undefined {
    let preferred = this.scopes.findLast(({ path }) => path !== undefined);
    for (let depth = 0; preferred !== undefined && depth < MAX_DEPTH; depth++) {
      const { name } = preferred;
      const { included = [] } = this.#stacked.find(({ scope }) => scope.name === name) ?? {};
      const next = included.find(({ isPreferred }) => isPreferred === true);
      if (next === undefined) break;
      preferred = next;
    }
    return preferred;
  }

  #withIncludes(name: string, names: Set<string>): Set<string> {
    names.add(name);
    const { included = [] } = this.#stacked.find(({ scope }) => scope.name === name) ?? {};
    for (const each of included) if (!names.has(each.name)) this.#withIncludes(each.name, names);
    return names;
  }
}
