// Opens whatever a location names.

import type { ContentCache } from "./cache/content-cache.js";
import { defaultCredentials } from "./credentials/default-credentials.js";
import { ImageLayout } from "./layout/image-layout.js";
import { type Location, parseLocation } from "./reference/location.js";
import { RemoteRepository } from "./remote/remote-repository.js";
import type { TagLister, Target } from "./target/target.js";
import { createRegistryClient, type RegistryClient } from "./transport/client.js";

/**
 * Opens a location, or the text of one: `oci://host/path`, `oci+http://host/path`, `oci-layout:DIRECTORY`. Nothing
 * is asked or made yet. Without a `client`, a registry gets one of its own with {@link defaultCredentials}; who opens
 * several shares one, and with it connections, tokens and what is known of each host's load. A registry's small content is
 * kept in the `cache`, where there is one.
 *
 * @throws SpackOciError of kind `usage` when the text is not a location.
 */
export function openTarget(
  location: Location | string,
  options: { readonly client?: RegistryClient; readonly cache?: ContentCache | undefined } = {},
): Target & TagLister {
  const parsed = typeof location === "string" ? parseLocation(location) : location;
  if (parsed.kind === "layout") return new ImageLayout(parsed.directory);
  const client = options.client ?? createRegistryClient({ credentials: defaultCredentials() });
  return new RemoteRepository(parsed, client, options.cache);
}
