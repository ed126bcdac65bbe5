// Several places for credentials, asked in order.

import type { Credentials } from "./credential.js";

/** The first credential that any of the given places has; knows the names of all of them. */
export function chainCredentials(...chain: readonly Credentials[]): Credentials {
  const find: Credentials = async (host, repository) => {
    for (const credentials of chain) {
      const found = await credentials(host, repository);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  // Looked up when asked, because a place may learn of further ones (helpers) while it is searched.
  return Object.defineProperty(find, "sources", {
    get: () => chain.flatMap((credentials) => credentials.sources ?? []),
  });
}
