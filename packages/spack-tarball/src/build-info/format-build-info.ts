// Writes `binary_distribution` so that every version of Spack reads every file name correctly.

import type { BuildInfo } from "./build-info.js";
import { yamlScalar } from "./yaml-scalar.js";

/**
 * One line of flow-style YAML, with the bytes that Spack writes. Only names that Spack writes in a form that it cannot
 * read itself (`? x`, U+0085), or that readers of YAML 1.1 take for something else (`yes`, `12:30`), are quoted
 * instead.
 */
export function formatBuildInfo(info: BuildInfo): Buffer {
  const fields: [string, string][] = [
    ...optionalField("sbang_install_path", info.sbangInstallPath),
    ["buildpath", yamlScalar(info.buildPath)],
    ...optionalField("spackprefix", info.spackPrefix),
    ...optionalField("relative_prefix", info.relativePrefix),
    ["hardlinks_deduped", String(info.hardlinksDeduped)],
    [
      "hash_to_prefix",
      mapping([...info.hashToPrefix].map(([hash, prefix]) => [yamlScalar(hash), yamlScalar(prefix)])),
    ],
    ["relocate_binaries", sequence(info.relocateBinaries)],
    ["relocate_links", sequence(info.relocateLinks)],
    ["relocate_textfiles", sequence(info.relocateTextFiles)],
  ];
  return Buffer.from(`${mapping(fields)}\n`, "utf8");
}

function optionalField(key: string, value: string | undefined): [string, string][] {
  return value === undefined ? [] : [[key, yamlScalar(value)]];
}

function mapping(fields: readonly (readonly [string, string])[]): string {
  return `{${fields.map(([key, value]) => `${key}: ${value}`).join(", ")}}`;
}

function sequence(values: readonly string[]): string {
  return `[${values.map(yamlScalar).join(", ")}]`;
}
