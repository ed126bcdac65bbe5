// What the text of a recipe says about one version of its package: license, homepage, and what it was built from.

import type { PackageFacts, Source } from "@spack-oci/bill-of-materials";
import { type RecipeOrigins, readOrigins } from "@spack-oci/spack-modules";
import { parseSpec, type SpecGraph, type SpecNode, satisfies, specOfNode } from "@spack-oci/spack-spec";

/** A version such as `git.<commit>=1.0` (Spack: version/version_types.py, `GitVersion`). */
const COMMIT_VERSION = /^git\.([0-9a-f]{40})(?:=|$)/;

/** @param text of the recipe */
export function recipeFacts(
  text: string,
  node: SpecNode,
  graph: SpecGraph,
): Pick<PackageFacts, "license" | "homepage" | "source"> {
  const origins = readOrigins(text, node.name);
  const spec = specOfNode(graph, node);
  // Spack rejects recipes in which several licenses hold at once (directives.py, `license`).
  const declared = origins.licenses.find(({ conditions }) =>
    conditions.every((condition) => satisfies(spec, parseSpec(condition))),
  );
  return {
    license: declared?.license,
    homepage: webAddress(origins.homepage),
    source: sourceOf(origins, node),
  };
}

function sourceOf({ versions, url, git }: RecipeOrigins, { version }: SpecNode): Source | undefined {
  const declared = versions.find((each) => each.version === version);
  const commit = declared?.commit ?? COMMIT_VERSION.exec(version)?.[1];
  const sha256 = /^[0-9a-f]{64}$/.exec(declared?.sha256 ?? "")?.[0];
  // Spack derives the addresses of other versions from the recipe's; only those that are written out are certain.
  const archive = declared?.url ?? (url?.includes(version) ? url : undefined);
  const source = {
    url: sha256 === undefined ? undefined : webAddress(archive),
    sha256,
    git: commit === undefined ? undefined : webAddress(declared?.git ?? git),
    commit,
  };
  return sha256 === undefined && commit === undefined ? undefined : source;
}

/** Validators of SPDX accept nothing but public host names, and others would help nobody. */
function webAddress(text: string | undefined): string | undefined {
  if (text === undefined || !/^(?:https?|ftp):/.test(text) || !URL.canParse(text)) return undefined;
  const { hostname, href } = new URL(text);
  return /\.[a-z]{2,}$/.test(hostname) ? href : undefined;
}
