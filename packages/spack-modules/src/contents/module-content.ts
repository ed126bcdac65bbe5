// Everything that a module file says, before it is written in the language of its system.

import { join } from "node:path";
import { formatAny, SHORT_FORMAT, type SpecNode } from "@spack-oci/spack-spec";
import type { ModuleTree } from "../layout/module-tree.js";
import type { Modification } from "../settings/environment-rules.js";
import { stringsAt } from "../settings/read-setting.js";
import { readConfigureOptions } from "./configure-options.js";
import { conflictsOf } from "./conflicts.js";
import { describePackage } from "./describe-package.js";
import { moduleEnvironment } from "./environment.js";
import { type ServicePaths, servicePaths } from "./service-paths.js";

/** The variables of Spack's templates (Spack: modules/common.py, `BaseContext`). */
export interface ModuleContent {
  /** When it was written, as Python prints a local time. */
  readonly timestamp: string;
  readonly shortSpec: string;
  readonly name: string;
  readonly version: string;
  readonly target: string;
  readonly shortDescription: string;
  readonly longDescription: string | undefined;
  readonly configureOptions: string | undefined;
  readonly autoload: readonly string[];
  readonly prerequisites: readonly string[];
  readonly conflicts: readonly string[];
  readonly modifications: readonly Modification[];
  /** The paths that it adds to the hierarchy of Lmod; undefined for Tcl. */
  readonly services: ServicePaths | undefined;
}

/** @throws SpackOciError for a configuration that Spack rejects, too */
export async function moduleContent(tree: ModuleTree, node: SpecNode, now: Date): Promise<ModuleContent> {
  const spec = tree.matcher.specOf(node);
  const rules = tree.rulesOf(node);
  const prefix = tree.surroundings.prefixOf(node);
  const { short, long } = describePackage(tree.surroundings.recipeOf(node)?.documentation, node);
  return {
    timestamp: pythonTime(now),
    shortSpec: formatAny(spec, SHORT_FORMAT),
    name: node.name,
    version: node.version,
    target: node.architecture?.target ?? "",
    shortDescription: short,
    longDescription: long,
    configureOptions: await readConfigureOptions(
      node,
      prefix === undefined ? undefined : join(prefix, ".spack", "spack-configure-args.txt"),
      tree.surroundings.filterPadding,
    ),
    autoload: [...tree.namesOf(node, "autoload"), ...stringsAt(rules, "load")],
    prerequisites: tree.namesOf(node, "prerequisites"),
    conflicts: conflictsOf(tree, node),
    modifications: await moduleEnvironment(tree, node),
    services: tree.hierarchy === undefined ? undefined : servicePaths(tree, tree.hierarchy, node),
  };
}

/** `2026-01-31 23:59:59.123000`, in local time (Python: `str(datetime.now())`). */
function pythonTime(time: Date): string {
  const pad = (value: number, width = 2) => String(value).padStart(width, "0");
  const day = [time.getFullYear(), pad(time.getMonth() + 1), pad(time.getDate())].join("-");
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map((part) => pad(part)).join(":");
  const fraction = time.getMilliseconds() === 0 ? "" : `.${pad(time.getMilliseconds(), 3)}000`;
  return `${day} ${clock}${fraction}`;
}
