// Opens whatever a location names.
import { ImageLayout } from "./layout/image-layout.js";
import { type Location, parseLocation } from "./reference/location.js";
import { RemoteRepository } from "./remote/remote-repository.js";
import type { TagLister, Target } from "./target/target.js";
import type { RegistryClient } from "./transport/client.js";

/**
 * Opens a location, or the text of one: `oci://host/path`, `oci+http://host/path`, `oci-layout:DIRECTORY`. Nothing
 * is asked or made yet.
 *
 * @throws SpackOciError of kind `usage` when the text is not a location.
 */
export function openTarget(
  location: Location | string,
  options: { readonly client: RegistryClient },
): Target & TagLister {
  const parsed = typeof location === "string" ? parseLocation(location) : location;
  if (parsed.kind === "layout") return new ImageLayout(parsed.directory);
  return new RemoteRepository(parsed, options.client);
}
