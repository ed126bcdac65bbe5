// Writes the content of a module file in Lua.

import type { Modification } from "../settings/environment-rules.js";
import { extendsManualPath } from "./environment.js";
import type { ModuleContent } from "./module-content.js";
import type { ServicePaths } from "./service-paths.js";
import { wrapText } from "./wrap-text.js";

/** The same text as from Spack's template (Spack: share/spack/templates/modules/modulefile.lua). */
export function renderLua(content: ModuleContent): string {
  const { modifications, services } = content;
  return [
    "-- -*- lua -*-",
    `-- Module file created by spack (https://github.com/spack/spack) on ${content.timestamp}`,
    "--",
    `-- ${content.shortSpec}`,
    "--",
    "",
    ...whatisLines(content),
    "",
    `help([[Name   : ${content.name}]])`,
    `help([[Version: ${content.version}]])`,
    `help([[Target : ${content.target}]])`,
    ...(content.longDescription ? ["help()", `help([[${wrapDescription(content.longDescription)}]])`] : []),
    "",
    ...(services === undefined || services.provides.length === 0 ? [] : serviceLines(services)),
    "",
    ...content.autoload.map((name) => `depends_on("${name}")`),
    ...content.conflicts.map((name) => `conflict("${name}")`),
    "",
    ...modifications.map(modificationLine),
    ...(extendsManualPath(modifications) ? [`append_path("MANPATH", "", ":")`] : []),
    "",
    "",
  ].join("\n");
}

function whatisLines(content: ModuleContent): string[] {
  return [
    ...(content.shortDescription
      ? [
          `whatis([[Name : ${content.name}]])`,
          `whatis([[Version : ${content.version}]])`,
          `whatis([[Target : ${content.target}]])`,
          `whatis([[Short description : ${content.shortDescription}]])`,
        ]
      : []),
    ...(content.configureOptions ? [`whatis([[Configure options : ${content.configureOptions}]])`] : []),
  ];
}

function wrapDescription(description: string): string {
  return wrapText(description, 72, { breakOnHyphens: true, replaceSpace: true }).join("\n");
}

function serviceLines({ provides, missing, unlocked, conditional, provider }: ServicePaths): string[] {
  const onlyCompiler = provides.length === 1 && provides[0] === "compiler";
  return [
    "-- Services provided by the package",
    ...provides.map((name) => `family("${name}")`),
    "",
    "-- Loading this module unlocks the path below unconditionally",
    ...unlocked.map((path) => `prepend_path("MODULEPATH", "${path}")`),
    "",
    ...(onlyCompiler
      ? []
      : [
          "-- Try to load variables into path to see if providers are there",
          ...missing.flatMap((name) => [
            `local ${name}_name = os.getenv("LMOD_${name.toUpperCase()}_NAME")`,
            `local ${name}_version = os.getenv("LMOD_${name.toUpperCase()}_VERSION")`,
          ]),
          "",
          "-- Change MODULEPATH based on the result of the tests above",
          ...conditional.flatMap(({ condition, path }) => [
            `if ${condition} then`,
            `  local t = pathJoin(${path})`,
            `  prepend_path("MODULEPATH", t)`,
            "end",
          ]),
          "",
          "-- Set variables to notify the provider of the new services",
          ...provides.flatMap((name) => [
            `setenv("LMOD_${name.toUpperCase()}_NAME", "${provider.name}")`,
            `setenv("LMOD_${name.toUpperCase()}_VERSION", "${provider.version}")`,
          ]),
        ]),
  ];
}

const COMMANDS: Readonly<Record<Modification["kind"], string>> = {
  set: "setenv",
  unset: "unsetenv",
  "prepend-path": "prepend_path",
  "append-path": "append_path",
  "remove-path": "remove_path",
};

function modificationLine({ kind, name, value, separator = ":" }: Modification): string {
  const command = COMMANDS[kind];
  if (kind === "unset") return `${command}("${name}")`;
  return kind === "set"
    ? `${command}("${name}", "${value}")`
    : `${command}("${name}", "${value}", "${separator}")`;
}
