// spack-oci list: lists packages in a buildcache like `spack find`.

import { defineCommand } from "../declaration/command.js";
import { flag, text } from "../declaration/parameter.js";
import { MIRROR_ARGUMENT } from "../options/mirror.js";
import { environmentOnlyOption, narrowedLine, SPECS_ARGUMENT, specRequest } from "../options/specs.js";
import { EXIT_STATUS } from "../process/exit-status.js";
import type { CommandResult } from "../render/result.js";

export const listCommand = defineCommand({
  name: "list",
  summary: "List packages in a buildcache.",
  examples: [
    { purpose: "List all packages with abbreviated hashes", line: "list mochi -l" },
    {
      purpose: "List versions of zlib from 1.3 for scripts",
      line: "list mochi zlib@1.3: --format {name}@{version}/{hash:7}",
    },
  ],
  arguments: { mirror: MIRROR_ARGUMENT, specs: SPECS_ARGUMENT },
  options: {
    long: flag("-l, --long", "show abbreviated hashes"),
    veryLong: flag("-L, --very-long", "show full hashes"),
    variants: flag("-v, --variants", "show variants"),
    namespaces: flag("-N, --namespaces", "show namespaces"),
    deps: flag("-d, --deps", "show dependencies"),
    envOnly: environmentOnlyOption("list"),
    allarch: flag(
      "-a, --allarch",
      "accepted for compatibility with Spack; all architectures are always listed",
    ),
    format: text("--format <format>", "format of each package, such as {name}@{version}/{hash:7}"),
  },
  async run({ mirror, specs, format, envOnly, allarch: _, ...columns }, context) {
    const { list } = await import("@spack-oci/buildcache");
    const { catalogOfGraph, renderFind } = await import("@spack-oci/spack-spec");
    const { session, json, color } = context;
    const request = await specRequest(specs, session, envOnly ? "environment" : "all");
    const target = session.mirrors.open(mirror, "fetch");
    const all = await list(target, { specs }, context);
    const hashes = [...all.records.keys()].filter((hash) => request.environment?.graph.has(hash) ?? true);
    const catalog = catalogOfGraph(all.graph, hashes);
    const options = { ...columns, ...(format === undefined ? {} : { format }), json, style: { color } };
    const counts = { count: hashes.length, total: all.records.size, of: "packages" };
    const narrowed = format === undefined ? narrowedLine(request, counts, "omit --env-only for all") : [];
    const result = renderList(renderFind(catalog, options), json);
    return { ...result, lines: [...result.lines, ...narrowed] };
  },
});

/** @param found the output of `spack find`, or its JSON */
export function renderList(found: string, isJson: boolean): CommandResult {
  return {
    json: isJson ? (JSON.parse(found) as unknown) : undefined,
    lines: found === "" ? [] : found.replace(/\n$/, "").split("\n"),
    status: EXIT_STATUS.done,
  };
}
