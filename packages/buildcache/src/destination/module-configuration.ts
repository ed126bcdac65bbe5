// The configuration of module files in a Spack instance, and how to reach the instance itself.

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readSpecFile, type SpackInstance } from "@spack-oci/spack-config";
import type { ModuleSet, ModuleSystem, RecipeRepository } from "@spack-oci/spack-modules";
import { parseSpec, type Spec } from "@spack-oci/spack-spec";
import type { RunPython } from "../recipe-env/spack-query.js";

/** What a pull into Spack's own store needs to write module files. */
export interface ModuleConfiguration {
  /** The sets in which a module system is enabled. */
  readonly sets: readonly ModuleSet[];
  /** Module systems for which the site has a template of its own. */
  readonly ownTemplates: ReadonlySet<ModuleSystem>;
  /** The package repositories that are on this machine. */
  readonly repositories: readonly RecipeRepository[];
  /** Specs of the compilers in system directories. */
  readonly systemCompilers: readonly string[];
  readonly parse: (constraint: string) => Spec;
  readonly runPython: RunPython;
}

/** The templates that this program writes by itself, in Spack 1.2, by their SHA-256. */
const TEMPLATES: Readonly<Record<ModuleSystem, { readonly file: string; readonly digest: string }>> = {
  tcl: {
    file: "modules/modulefile.tcl",
    digest: "3b0025cc991fa896e927d851fb0d370c27f7d9ee34763e5f3f786b317b53a98e",
  },
  lmod: {
    file: "modules/modulefile.lua",
    digest: "979fbf50085acad0d987751d9d1978cb9246490d3906d611bf0ddcac6513bdda",
  },
};

/**
 * Undefined if an install writes no module files.
 *
 * @throws SpackOciError `ERR_CONFIG_...` if the configuration is invalid
 */
export function configuredModules(
  instance: SpackInstance,
  runPython: RunPython,
): ModuleConfiguration | undefined {
  const sets = instance.moduleSets.filter(({ enabled }) => enabled.length > 0);
  if (sets.length === 0) return undefined;
  const directories = instance.templateDirectories;
  const systems = (["tcl", "lmod"] as const).filter((system) => hasOwnTemplate(system, directories));
  return {
    sets,
    ownTemplates: new Set(systems),
    repositories: instance.repositories,
    systemCompilers: instance.systemCompilers,
    parse: (constraint) => parseSpec(constraint, { readSpecFile }),
    runPython,
  };
}

/** Whether Spack would use another template than its own; without any template, it could not write files at all. */
function hasOwnTemplate(system: ModuleSystem, directories: readonly string[]): boolean {
  const { file, digest } = TEMPLATES[system];
  const template = directories.map((directory) => join(directory, file)).find((path) => existsSync(path));
  return (
    template !== undefined && createHash("sha256").update(readFileSync(template)).digest("hex") !== digest
  );
}
