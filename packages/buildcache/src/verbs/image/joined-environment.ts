// The environment of an image that is made of packages of a buildcache: joined from those of the packages' own images.

import type { SpecGraph } from "@spack-oci/spack-spec";
import { executableModifications } from "../../image-env/executables.js";
import { modifyEnvironment } from "../../image-env/modifications.js";
import { formatVariables, parseVariables } from "../../image-env/variables.js";
import { linkedModifications } from "./linked-modifications.js";
import { MemberVariables } from "./member-variables.js";
import type { ImageMember } from "./read-member.js";

export interface JoinedEnvironmentRequest {
  readonly graph: SpecGraph;
  /** DAG hashes of what the image is for. */
  readonly roots: readonly string[];
  /** What is in it, leaves first. */
  readonly members: readonly ImageMember[];
  /** `config.Env` of the base image. */
  readonly base: readonly string[];
  /** The directory that all packages are linked into, where there is one: then variables name that. */
  readonly view?: string | undefined;
}

/**
 * Variables as `NAME=VALUE`, in the order and form in which Spack joins several packages (`imageEnvironment`). Which
 * directories a package has in which variables, and what its recipe sets, stands in its own image; directories outside of all
 * packages are those of another base image or of the machine that built it, and are left out.
 */
export async function joinedEnvironment(request: JoinedEnvironmentRequest): Promise<string[]> {
  const { graph, roots, members, base, view } = request;
  const variables = new MemberVariables(members);
  const prefixes = new Map(members.map(({ node, prefix }) => [node.hash, prefix]));
  const executables = await executableModifications({
    graph,
    roots,
    prefixOf: (node) => prefixes.get(node.hash),
    isDirectory: async (path) => variables.isNamed(path),
  });
  const asked = [...roots].reverse().flatMap((hash) => members.filter(({ node }) => node.hash === hash));
  const modifications = [
    ...members.flatMap((member) => variables.ownDirectories(member)),
    ...asked.flatMap((member) => variables.otherDirectories(member)),
    ...executables,
    ...asked.flatMap((member) => variables.settings(member)),
  ];
  const seen = view === undefined ? modifications : linkedModifications(modifications, members, view);
  return formatVariables(modifyEnvironment(parseVariables(base), seen));
}
