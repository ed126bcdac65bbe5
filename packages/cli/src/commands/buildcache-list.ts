// spack-oci buildcache list: lists the packages of all configured buildcaches, as `spack buildcache list` does.

import { isSpackOciError } from "@spack-oci/errors";
import { defineCommand } from "../declaration/command.js";
import { flag } from "../declaration/parameter.js";
import { configuredMirrors } from "../options/configured-mirrors.js";
import { SPECS_ARGUMENT } from "../options/specs.js";
import { renderList } from "./list.js";

export const buildcacheListCommand = defineCommand({
  name: "buildcache list",
  summary: "List packages for this machine in all configured buildcaches.",
  examples: [
    { purpose: "List packages for this machine", line: "buildcache list" },
    { purpose: "List versions of zlib for all machines", line: "buildcache list --allarch zlib" },
  ],
  arguments: { specs: SPECS_ARGUMENT },
  options: {
    long: flag("-l, --long", "show abbreviated hashes"),
    veryLong: flag("-L, --very-long", "show full hashes"),
    variants: flag("-v, --variants", "show variants"),
    namespaces: flag("-N, --namespaces", "show namespaces"),
    allarch: flag("-a, --allarch", "also list packages for other machines"),
  },
  async run({ specs, allarch, ...shown }, context) {
    const { list } = await import("@spack-oci/buildcache");
    const { catalogOfGraph, renderFind } = await import("@spack-oci/spack-spec");
    const { session, json, color } = context;
    const machine = allarch ? undefined : session.spack.machine;
    const mirrors = configuredMirrors(context);
    const answers = mirrors.map((mirror) => list(mirror, { specs, machine }, context));
    // A spec that one mirror lacks may be in another; Spack lists nothing if it is in none.
    const listed = (await Promise.allSettled(answers)).flatMap((answer) => {
      if (answer.status === "fulfilled") return answer.value;
      if (isSpackOciError(answer.reason) && answer.reason.code === "ERR_SPEC_NOT_FOUND") return [];
      throw answer.reason;
    });
    const graph = new Map(listed.flatMap((each) => [...each.graph]));
    const hashes = new Set(listed.flatMap(({ packages }) => packages.map(({ hash }) => hash)));
    const catalog = catalogOfGraph(graph, [...hashes]);
    return renderList(renderFind(catalog, { ...shown, json, style: { color } }), json);
  },
});
