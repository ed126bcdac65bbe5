// The scopes of every instance: its defaults, and those of the system, site and user.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { hostPlatform } from "../host/operating-system.js";
import { canonicalizePath } from "../paths/canonicalize.js";
import { builtinScope } from "../scopes/builtin.js";
import type { ScopeContext } from "../scopes/scope.js";
import { DirectoryScope } from "../scopes/scope.js";
import { SCOPE_PRIORITY, ScopeStack } from "../scopes/scope-stack.js";

/**
 * The stack of the built-in, default and file scopes.
 *
 * Source: `lib/spack/spack/config.py`, `create_incremental`. Further scopes besides the defaults and `$spack/etc/spack`
 * are listed in `include.yaml`; older instances have a fixed list instead.
 *
 * @throws SpackOciError if an included scope is missing or an `include.yaml` is invalid.
 */
export function baseScopes(context: ScopeContext): ScopeStack {
  const stack = new ScopeStack();
  const etc = join(context.paths.spackRoot, "etc/spack");
  stack.push(builtinScope(context.paths.spackRoot), SCOPE_PRIORITY.defaults, context);
  if (existsSync(join(etc, "defaults/include.yaml"))) {
    stack.push(
      new DirectoryScope({ name: "defaults", path: join(etc, "defaults") }, context.validation),
      SCOPE_PRIORITY.defaults,
      context,
    );
    const spack = new DirectoryScope({ name: "spack", path: etc }, context.validation);
    stack.push(spack, SCOPE_PRIORITY.configFiles, context);
  } else {
    pushFixedScopes(stack, etc, context);
  }
  return stack;
}

/**
 * The scopes of the system and the user, where Spack's own `include.yaml` has them.
 *
 * @throws SpackOciError if a file is invalid
 */
export function userScopes(context: ScopeContext): ScopeStack {
  const stack = new ScopeStack();
  for (const [name, written] of localDirectories(context)) {
    const path = canonicalizePath(written, context.paths);
    stack.push(new DirectoryScope({ name, path }, context.validation), SCOPE_PRIORITY.configFiles, context);
  }
  return stack;
}

/** Empty if `SPACK_DISABLE_LOCAL_CONFIG` is set. */
function localDirectories({ paths: { env } }: ScopeContext): (readonly ["system" | "user", string])[] {
  if (env["SPACK_DISABLE_LOCAL_CONFIG"] !== undefined) return [];
  return [
    ["system", env["SPACK_SYSTEM_CONFIG_PATH"] || "/etc/spack"],
    ["user", env["SPACK_USER_CONFIG_PATH"] || "~/.spack"],
  ];
}

/** The scopes of Spack up to 1.0, each with one for the platform. Source: `config.py` of Spack 0.23, `create`. */
function pushFixedScopes(stack: ScopeStack, etc: string, context: ScopeContext): void {
  const local = localDirectories(context);
  const directories: (readonly [string, string])[] = [
    ["defaults", join(etc, "defaults")],
    ...local.filter(([name]) => name === "system"),
    ["site", etc],
    ...local.filter(([name]) => name === "user"),
  ];
  for (const [name, written] of directories) {
    const priority = name === "defaults" ? SCOPE_PRIORITY.defaults : SCOPE_PRIORITY.configFiles;
    const path = canonicalizePath(written, context.paths);
    const platform = hostPlatform();
    stack.push(new DirectoryScope({ name, path }, context.validation), priority, context);
    const platformScope = new DirectoryScope(
      { name: `${name}/${platform}`, path: join(path, platform) },
      context.validation,
    );
    stack.push(platformScope, priority, context);
  }
}
