// Where policies are: the user's own, and the one for all users of a machine.

import { join } from "node:path";
import { configDirectory } from "@spack-oci/oci-client";
import { mostSpecific } from "./location-pattern.js";
import { type PolicyRule, readPolicy } from "./policy-file.js";

/** The policy for all users. */
const SYSTEM_POLICY = "/etc/spack-oci/policy.json";

/** The files with policies, the user's first. */
export function policyFiles(environment: NodeJS.ProcessEnv): readonly string[] {
  return [join(configDirectory(environment), "spack-oci", "policy.json"), SYSTEM_POLICY];
}

/**
 * The rule for a mirror: the most specific one of the first file that has any for it.
 *
 * @param mirror Its location.
 * @returns undefined if no policy is about it.
 * @throws SpackOciError as `readPolicy` does.
 */
export function ruleFor(mirror: string, files: readonly string[]): PolicyRule | undefined {
  for (const file of files) {
    const rule = mostSpecific(readPolicy(file) ?? [], mirror);
    if (rule !== undefined) return rule;
  }
  return undefined;
}
