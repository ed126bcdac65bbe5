// Joins the environments of the packages' own images into the environment of an image of all of them.

import type { SpecGraph } from "@spack-oci/spack-spec";
import { executableModifications } from "../../image-env/executables.js";
import { modifyEnvironment } from "../../image-env/modifications.js";
import { formatVariables, parseVariables } from "../../image-env/variables.js";
import { linkedModifications } from "./linked-modifications.js";
import { MemberVariables } from "./member-variables.js";
import type { ImageMember } from "./read-member.js";

export interface JoinedEnvironmentRequest {
  readonly graph: SpecGraph;
  /** DAG hashes of the packages that the image is for. */
  readonly roots: readonly string[];
  /** All packages in it, leaves first. */
  readonly members: readonly ImageMember[];
  /** `config.Env` of the base image. */
  readonly base: readonly string[];
  /** The directory that all packages are linked into, if any: variables then name the view. */
  readonly view?: string | undefined;
}

/**
 * Variables as `NAME=VALUE`, in the order and form in which Spack joins several packages (`imageEnvironment`). The
 * directories of a package, and the variables that its recipe sets, are read from its own image. Directories outside
 * of all packages come from another base image or from the build machine, and are left out.
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
  const rootMembers = [...roots]
    .reverse()
    .flatMap((hash) => members.filter(({ node }) => node.hash === hash));
  const modifications = [
    ...members.flatMap((member) => variables.ownDirectories(member)),
    ...rootMembers.flatMap((member) => variables.otherDirectories(member)),
    ...executables,
    ...rootMembers.flatMap((member) => variables.settings(member)),
  ];
  const seen = view === undefined ? modifications : linkedModifications(modifications, members, view);
  return formatVariables(modifyEnvironment(parseVariables(base), seen));
}
