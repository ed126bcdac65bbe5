// Chooses specs by what a user types: `name`, `name@version`, `/hash`, or nothing for all of them.

import { SpackOciError } from "@spack-oci/errors";
import type { SpecNode } from "@spack-oci/spack-store";
import { describePackage } from "../events.js";

/**
 * The candidates that the arguments name, each once, in the order of the arguments; all of them without arguments.
 *
 * @param where names the place that was searched, for errors
 * @throws SpackOciError `ERR_SPEC_NOT_FOUND` (`not-found`), `ERR_SPEC_AMBIGUOUS` (`usage`) with the candidates,
 *   `ERR_SPEC_SYNTAX` (`usage`)
 */
export function selectSpecs(
  candidates: readonly SpecNode[],
  specArguments: readonly string[],
  where: string,
): readonly SpecNode[] {
  if (specArguments.length === 0) return candidates;
  const chosen = specArguments.map((argument) => selectOne(candidates, argument, where));
  return [...new Map(chosen.map((node) => [node.hash, node])).values()];
}

function selectOne(candidates: readonly SpecNode[], argument: string, where: string): SpecNode {
  const matches = candidates.filter(matcher(argument));
  const [only, ...others] = matches;
  if (only === undefined) throw notFound(argument, where);
  if (others.length > 0) {
    throw new SpackOciError(
      "ERR_SPEC_AMBIGUOUS",
      `${argument} matches ${matches.length} packages in ${where}:\n${matches.map((node) => `  ${describePackage(node)}`).join("\n")}`,
      { kind: "usage", place: argument, hint: "Name one of them by its hash, for example /abcdefg." },
    );
  }
  return only;
}

/** The error for something that a user named and that is not there. */
export function notFound(argument: string, where: string): SpackOciError {
  return new SpackOciError("ERR_SPEC_NOT_FOUND", `${argument} is not in ${where}.`, {
    kind: "not-found",
    place: argument,
    hint: `See what is there with "spack-oci list".`,
  });
}

function matcher(argument: string): (node: SpecNode) => boolean {
  const hash = /^\/([a-z0-9]+)$/.exec(argument)?.[1];
  if (hash !== undefined) return (node) => node.hash.startsWith(hash);
  const [, name, version] = /^([A-Za-z0-9_][\w.-]*)(?:@=?([\w.=-]+))?$/.exec(argument) ?? [];
  if (name === undefined) {
    throw new SpackOciError("ERR_SPEC_SYNTAX", `${argument} is no spec that is understood here.`, {
      kind: "usage",
      place: argument,
      hint: "Use name, name@version or /hash.",
    });
  }
  return (node) => node.name === name && (version === undefined || node.version === version);
}
