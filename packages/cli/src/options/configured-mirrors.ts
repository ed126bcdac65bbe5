// The mirrors of commands that take none, as in Spack: those of the configuration.

import type { Buildcache, Verification } from "@spack-oci/buildcache";
import { isSpackOciError } from "@spack-oci/errors";
import type { CommandContext } from "../declaration/command-context.js";

/**
 * The configured OCI buildcaches, in the order in which Spack tries them. A warning names mirrors of other kinds.
 *
 * @throws SpackOciError `ERR_NO_MIRRORS` (`usage`)
 */
export function configuredMirrors(
  { session, run }: Pick<CommandContext, "session" | "run">,
  verification?: Verification,
): readonly Buildcache[] {
  const { buildcaches, others } = session.mirrors.openConfigured(verification);
  if (others.length > 0) {
    const message = `These mirrors are not OCI buildcaches and are left out: ${others.join(", ")}.`;
    run.listener?.({ type: "warning", message });
  }
  return buildcaches;
}

/**
 * What the first mirror answers that has everything.
 *
 * @throws SpackOciError of the last mirror if none has everything, and any error but `not-found`
 */
export async function firstWithEverything<Result>(
  mirrors: readonly Buildcache[],
  ask: (mirror: Buildcache) => Promise<Result>,
): Promise<Result> {
  for (const [index, mirror] of mirrors.entries()) {
    try {
      return await ask(mirror);
    } catch (error) {
      if (!isSpackOciError(error, "not-found") || index === mirrors.length - 1) throw error;
    }
  }
  throw new RangeError("There are no mirrors.");
}
