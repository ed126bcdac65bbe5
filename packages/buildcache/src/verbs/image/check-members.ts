// Finds problems that would keep packages from working in one image, before anything is written.

import { posix } from "node:path";
import { SpackOciError } from "@spack-oci/errors";
import { projectPath, type SpecGraph } from "@spack-oci/spack-spec";
import { describePackage } from "../../events/events.js";
import type { ImageMember } from "./read-member.js";

/** @throws SpackOciError `ERR_PREFIX_CLASH` (`conflict`) if a package's prefix equals another one's, or is inside it */
export function requireDistinctPrefixes(members: readonly ImageMember[]): void {
  const known = new Map<string, ImageMember>();
  for (const member of members) {
    const other = known.get(member.prefix);
    if (other !== undefined) throw clash(other, member);
    known.set(member.prefix, member);
  }
  for (const member of members) {
    for (let above = posix.dirname(member.prefix); above !== "/"; above = posix.dirname(above)) {
      const other = known.get(above);
      if (other !== undefined) throw clash(other, member);
    }
  }
}

function clash(outer: ImageMember, inner: ImageMember): SpackOciError {
  const [one, other] = [describePackage(outer.node), describePackage(inner.node)];
  return new SpackOciError("ERR_PREFIX_CLASH", `${one} and ${other} are both in ${outer.prefix}.`, {
    kind: "conflict",
    place: outer.prefix,
    hint: "Choose one of them, or push them again from stores whose projections keep them apart.",
  });
}

/**
 * The install trees that packages were packed in, as far as their prefixes have Spack's default form. Packages of
 * different trees may not find each other.
 */
export function installRoots(graph: SpecGraph, members: readonly ImageMember[]): string[] {
  const roots = members.flatMap(({ node, prefix }) => {
    const path = `/${projectPath(graph, node)}`;
    return prefix.endsWith(path) ? [prefix.slice(0, -path.length)] : [];
  });
  return [...new Set(roots)].sort();
}
