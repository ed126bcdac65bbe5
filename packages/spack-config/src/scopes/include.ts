// The scopes that a scope includes: paths relative to it, which may be optional, conditional or set by a variable.

import { existsSync, statSync } from "node:fs";
import { dirname, extname, isAbsolute, relative } from "node:path";
import { SpackOciError } from "@spack-oci/errors";
import { conditionNames } from "../host/condition-names.js";
import { evaluateCondition } from "../host/python-expression.js";
import { canonicalizePath } from "../paths/canonicalize.js";
import { mergedSchema } from "../sections/sections.js";
import { asString, type ConfigScalar, type ConfigValue, child, toPlain } from "../yaml/value.js";
import { gitIncludePaths, localPath } from "./remote-include.js";
import type { ScopeContext } from "./scope.js";
import { type ConfigScope, DirectoryScope, FileScope } from "./scope.js";

/**
 * The scopes that `scope` includes, in the order it names them.
 *
 * Source: `lib/spack/spack/config.py`, `ConfigScope.included_scopes` and the classes of includes.
 *
 * @throws SpackOciError `ERR_CONFIG_INCLUDE` if a required path does not exist, or cannot be a scope.
 */
export function includedScopes(scope: ConfigScope, context: ScopeContext): ConfigScope[] {
  const includes = scope.section("include")?.value;
  const scopes =
    includes?.kind === "list" ? includes.items.flatMap((entry) => scopesOf(entry, scope, context)) : [];
  const unique = new Map<string, ConfigScope>();
  for (const included of scopes) {
    if (unique.has(included.name))
      context.validation.warn(`Ignoring duplicate included scope: ${included.name}`);
    else unique.set(included.name, included);
  }
  return [...unique.values()];
}

function scopesOf(entry: ConfigValue, parent: ConfigScope, context: ScopeContext): ConfigScope[] {
  const condition = asString(child(entry, "when"));
  if (condition && !evaluateCondition(condition, conditionNames(context.paths))) return [];
  const include = { entry, parent, context };
  return pathsOf(include).map((included) => scopeAt(included, include));
}

/** One entry of `include:`, and its scope. */
interface Include {
  readonly entry: ConfigValue;
  readonly parent: ConfigScope;
  readonly context: ScopeContext;
}

const EMPTY_PATH_HINT =
  "Unset the variable for this path, such as SPACK_USER_CONFIG_PATH, or set it to a path.";

interface IncludedPath {
  readonly written: string;
  readonly path: string;
}

function pathsOf({ entry, parent, context }: Include): IncludedPath[] {
  const repository = asString(child(entry, "git"));
  if (repository !== undefined && !asString(child(entry, "path"))) {
    const paths = child(entry, "paths");
    if (!["branch", "commit", "tag"].some((name) => asString(child(entry, name)))) {
      throw badInclude(parent, repository, {
        message: "the include of a git repository does not name a branch, commit or tag",
        hint: "Add one.",
      });
    }
    const names = paths === undefined ? [] : (toPlain(paths) as string[]);
    return gitIncludePaths(repository, names, context.paths).map((path, index) => ({
      written: names[index] ?? "",
      path,
    }));
  }
  const { value, isMarked } = writtenPath(entry, context);
  if (value.value === "") {
    throw badInclude(parent, parent.name, { message: "an included path is empty", hint: EMPTY_PATH_HINT });
  }
  const directory = workingDirectory(parent) ?? context.paths.cwd;
  const canonical = canonicalizePath(isMarked ? value : String(value.value), context.paths, directory);
  const checksum = asString(child(entry, "sha256")) ?? "";
  return [{ written: String(value.value), path: localPath(canonical, checksum, context.paths) }];
}

/** The path as written, and whether it is relative to its file rather than to the scope. */
function writtenPath(
  entry: ConfigValue,
  { paths }: ScopeContext,
): { value: ConfigScalar; isMarked: boolean } {
  if (entry.kind === "scalar") return { value: entry, isMarked: false };
  const variable = asString(child(entry, "path_override_env_var"));
  const override = variable ? paths.env[variable] : undefined;
  const path = child(entry, "path") as ConfigScalar;
  return override === undefined
    ? { value: path, isMarked: true }
    : { value: { ...path, value: override }, isMarked: false };
}

function workingDirectory({ path }: ConfigScope): string | undefined {
  if (path === undefined || !existsSync(path)) return undefined;
  return statSync(path).isDirectory() ? path : dirname(path);
}

function scopeAt({ path, written }: IncludedPath, { entry, parent, context }: Include): ConfigScope {
  const exists = existsSync(path);
  if (!exists && !isTrue(child(entry, "optional"))) {
    throw badInclude(parent, path, {
      message: `the included path ${written} does not exist`,
      hint: "Create it, or mark the include `optional: true`.",
    });
  }
  const name = asString(child(entry, "name")) || `${parent.name}:${nameOf(path, parent)}`;
  const isPreferred = isTrue(child(entry, "prefer_modify"));
  const isDirectory = exists && statSync(path).isDirectory();
  const extension = extname(path);
  if ((exists && !isDirectory) || extension === ".yaml" || extension === ".yml") {
    return new FileScope({ name, path, schema: mergedSchema, isPreferred }, context.validation);
  }
  if (extension !== "" && !isDirectory) {
    throw badInclude(parent, path, {
      message: `the included path ${written} is not a scope`,
      hint: "Name a file that ends in .yaml or .yml, or a directory without an extension.",
    });
  }
  return new DirectoryScope({ name, path, isPreferred }, context.validation);
}

function isTrue(value: ConfigValue | undefined): boolean {
  return value?.kind === "scalar" && value.value === true;
}

function nameOf(path: string, parent: ConfigScope): string {
  return parent.path !== undefined && path.startsWith(parent.path) && isAbsolute(path)
    ? relative(parent.path, path) || "."
    : path;
}

function badInclude(
  parent: ConfigScope,
  path: string,
  { message, hint }: { readonly message: string; readonly hint: string },
): SpackOciError {
  return new SpackOciError("ERR_CONFIG_INCLUDE", `${path}: ${message} (scope ${parent.name}).`, {
    kind: "usage",
    place: path,
    hint,
  });
}
