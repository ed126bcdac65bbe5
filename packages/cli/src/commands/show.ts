// spack-oci show: everything that a buildcache says about one package.

import type { ShownMember, ShowResult } from "@spack-oci/buildcache";
import { defineCommand } from "../declaration/command.js";
import { flag, naming, requiredArgument } from "../declaration/parameter.js";
import { MIRROR_ARGUMENT } from "../options/mirror.js";
import { EXIT_STATUS } from "../process/exit-status.js";
import { packageToJson } from "../render/packages.js";
import type { CommandResult } from "../render/result.js";
import { formatBytes } from "../render/units.js";

export const showCommand = defineCommand({
  name: "show",
  summary: "Show a package: spec tree, sizes, digests, prefix, environment.",
  examples: [
    { purpose: "Show a package by name", line: "show mochi zlib" },
    { purpose: "List the files of the package with this hash", line: "show mochi /abcdefg --files" },
  ],
  arguments: {
    mirror: MIRROR_ARGUMENT,
    spec: naming("package", requiredArgument("spec", "spec in Spack syntax that matches one package")),
  },
  options: {
    files: flag("--files", "list the files of the package as well, which reads its whole layer"),
  },
  async run({ mirror, spec, files }, { session, run }) {
    const { show } = await import("@spack-oci/buildcache");
    const { filterPadding } = await import("@spack-oci/spack-store");
    const result = await show(session.mirrors.open(mirror, "fetch"), { spec, files }, { run });
    return renderShow(result, filterPadding);
  },
});

/** @param filterPadding shortens the padding of one path; a list of paths is filtered path by path */
export function renderShow(result: ShowResult, filterPadding: (path: string) => string): CommandResult {
  const { tree, environment, files } = result;
  const filterPaths = (variable: string) => variable.split(":").map(filterPadding).join(":");
  const lines = [
    `${tree[0]?.text ?? result.node.name}`,
    ...facts(result).map(([name, value]) => `  ${`${name}:`.padEnd(12)}${value}`),
    "",
    "Spec tree, with the sizes of layers:",
    ...tree.map(({ node, depth, text, size }) => {
      const bytes = size === undefined ? "-" : formatBytes(size);
      return `  ${node.hash.slice(0, 7)}  ${bytes.padStart(7)}  ${"    ".repeat(depth)}${depth > 0 ? "^" : ""}${text}`;
    }),
    "",
    "Environment:",
    ...environment.map((variable) => `  ${filterPaths(variable)}`),
    ...(files === undefined ? [] : ["", "Files:", ...fileLines(files, result)]),
  ];
  return { json: toJson(result), lines, status: EXIT_STATUS.done, shortensPadding: true };
}

function facts(result: ShowResult): (readonly [name: string, value: string])[] {
  const { node, tag, manifest, layer, layers, place, spackVersion, packedAt } = result;
  const total = layers.reduce((sum, { size }) => sum + size, 0);
  return [
    ["hash", node.hash],
    ["tag", tag],
    ["manifest", manifest.digest],
    ["layer", `${layer.digest}, ${formatBytes(layer.size)}`],
    ["image", `${layers.length} layers, ${formatBytes(total)}`],
    ["prefix", place?.prefix ?? "unknown"],
    ["packed", packedAt?.toISOString() ?? "unknown"],
    ["built by", spackVersion === undefined ? "unknown" : `Spack ${spackVersion}`],
  ];
}

/** Members by their path below the prefix; the directories above it are left out. */
function fileLines(files: readonly ShownMember[], { place }: ShowResult): string[] {
  const prefix = place === undefined ? "" : `${place.prefix.slice(1)}/`;
  return files.flatMap(({ name, type, mode, size, target }) => {
    if (prefix.startsWith(name)) return [];
    const path = name.startsWith(prefix) ? name.slice(prefix.length) : `/${name}`;
    const arrow = target === "" ? "" : ` -> ${target}`;
    return [
      `  ${TYPE_LETTERS[type]}${mode.toString(8).padStart(4, "0")}  ${formatBytes(size).padStart(7)}  ${path}${arrow}`,
    ];
  });
}

const TYPE_LETTERS = { file: "-", directory: "d", symlink: "l", hardlink: "h", other: "?" } as const;

function toJson(result: ShowResult) {
  const { node, tag, manifest, layer, layers, tree, place, files } = result;
  return {
    ...packageToJson(node),
    tag,
    manifest,
    layer,
    layers,
    tree: tree.map(({ node: each, depth, text, size }) => ({
      ...packageToJson(each),
      depth,
      spec: text,
      size: size ?? null,
      external: each.external !== undefined,
    })),
    place: place ?? null,
    spackVersion: result.spackVersion ?? null,
    packedAt: result.packedAt?.toISOString() ?? null,
    environment: result.environment,
    ...(files === undefined ? {} : { files }),
  };
}
