// Writes the content of a module file in Tcl.

import type { Modification } from "../settings/environment-rules.js";
import { extendsManualPath } from "./environment.js";
import type { ModuleContent } from "./module-content.js";
import { splitLines } from "./python-space.js";
import { wrapText } from "./wrap-text.js";

const OPTION_WIDTH = 8192 - 23;
const OPTION_BREAK = `\n##${" ".repeat(20)}`;

/** The same text as from Spack's template (Spack: share/spack/templates/modules/modulefile.tcl). */
export function renderTcl(content: ModuleContent): string {
  const { modifications } = content;
  return [
    "#%Module1.0",
    `## Module file created by spack (https://github.com/spack/spack) on ${content.timestamp}`,
    "##",
    `## ${content.shortSpec}`,
    "##",
    ...(content.configureOptions
      ? [`## Configure options: ${wrapOptions(content.configureOptions)}`, "##"]
      : []),
    "",
    "",
    ...(content.shortDescription ? [`module-whatis {${content.shortDescription}}`] : []),
    "",
    "proc ModulesHelp { } {",
    `    puts stderr {Name   : ${content.name}}`,
    `    puts stderr {Version: ${content.version}}`,
    `    puts stderr {Target : ${content.target}}`,
    ...(content.longDescription ? ["    puts stderr {}", wrapDescription(content.longDescription)] : []),
    "}",
    "",
    ...loadLines(content.autoload),
    ...content.prerequisites.map((name) => `prereq ${name}`),
    ...content.conflicts.map((name) => `conflict ${name}`),
    "",
    ...modifications.map(modificationLine),
    ...(extendsManualPath(modifications) ? ["append-path MANPATH {}"] : []),
    "",
    "",
  ].join("\n");
}

/** Each line is wrapped by itself (Jinja: `do_wordwrap`). */
function wrapOptions(options: string): string {
  return splitLines(options)
    .map((line) =>
      wrapText(line, OPTION_WIDTH, { breakOnHyphens: false, replaceSpace: false }).join(OPTION_BREAK),
    )
    .join(OPTION_BREAK);
}

function wrapDescription(description: string): string {
  return wrapText(description, 72, { breakOnHyphens: true, replaceSpace: true })
    .map((line) => `    puts stderr {${line}}`)
    .join("\n");
}

/** Lmod reads Tcl modules, too, and unloads what it loaded by `depends-on`. */
function loadLines(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  return [
    "if {![info exists ::env(LMOD_VERSION_MAJOR)]} {",
    ...names.map((name) => `    module load ${name}`),
    "} else {",
    ...names.map((name) => `    depends-on ${name}`),
    "}",
  ];
}

function modificationLine({ kind, name, value, separator = ":" }: Modification): string {
  if (kind === "set") return `setenv ${name} {${value}}`;
  if (kind === "unset") return `unsetenv ${name}`;
  const delimiter = separator === ":" ? "" : ` --delim {${separator}}`;
  return `${kind}${delimiter} ${name} {${value}}`;
}
