// spack-oci list: what a buildcache holds, shown as `spack find` shows what is installed.

import { defineCommand } from "../declaration/command.js";
import { flag, text } from "../declaration/parameter.js";
import { MIRROR_ARGUMENT } from "../options/mirror.js";
import { SPECS_ARGUMENT, specRequest } from "../options/specs.js";
import { exitStatus } from "../process/exit-status.js";
import type { CommandResult } from "../render/result.js";

export const listCommand = defineCommand({
  name: "list",
  summary: "List the packages of a buildcache.",
  arguments: { mirror: MIRROR_ARGUMENT, specs: SPECS_ARGUMENT },
  options: {
    long: flag("-l, --long", "show the first characters of each hash"),
    veryLong: flag("-L, --very-long", "show whole hashes"),
    variants: flag("-v, --variants", "show variants"),
    namespaces: flag("-N, --namespaces", "show namespaces"),
    deps: flag("-d, --deps", "show dependencies"),
    format: text("--format <format>", "show each package by a format, such as {name}@{version}/{hash:7}"),
  },
  async run({ mirror, specs, format, ...columns }, context) {
    const { list, renderFind } = await import("@spack-oci/buildcache");
    const { session, json, color } = context;
    const target = session.mirrors.open(mirror, "fetch");
    const catalog = await list(target, await specRequest(specs, session), context);
    const options = { ...columns, ...(format === undefined ? {} : { format }), json, style: { color } };
    return renderList(renderFind(catalog, options), json);
  },
});

/** @param found as `spack find` prints it, or its JSON */
export function renderList(found: string, isJson: boolean): CommandResult {
  return {
    json: isJson ? (JSON.parse(found) as unknown) : undefined,
    lines: found === "" ? [] : found.replace(/\n$/, "").split("\n"),
    status: exitStatus.done,
  };
}
