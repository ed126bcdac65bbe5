// Opens whatever a location names.

import type { ContentCache } from "./cache/content-cache.js";
import { defaultCredentials } from "./credentials/default-credentials.js";
import { ImageLayout } from "./layout/image-layout.js";
import { MirroredRepository, type MirrorFailure } from "./mirrored/mirrored-repository.js";
import { type Location, parseLocation, type RegistryLocation } from "./reference/location.js";
import { RemoteRepository } from "./remote/remote-repository.js";
import type { TagLister, Target } from "./target/target.js";
import { createRegistryClient, type RegistryClient } from "./transport/client.js";

/** Options of {@link openTarget}. */
export interface OpenOptions {
  readonly client?: RegistryClient;
  /** Keeps small content of a registry between runs. */
  readonly cache?: ContentCache | undefined;
  /**
   * `oci://HOST/PATH` or `oci+http://HOST/PATH`, to which the repository's name is appended: asked first for everything
   * that is read. For targets that are only read; what is pushed might be missing from them.
   */
  readonly mirrors?: readonly string[];
  /** Told of a mirror that is passed over. */
  readonly onMirrorFailure?: MirrorFailure;
}

/**
 * Opens a location, or the text of one: `oci://host/path`, `oci+http://host/path`, `oci-layout:DIRECTORY`. Nothing
 * is asked or made yet. Without a `client`, a registry gets one of its own with {@link defaultCredentials}; who opens
 * several shares one, and with it connections, tokens and what is known of each host's load.
 *
 * @throws SpackOciError of kind `usage` when the text is not a location.
 */
export function openTarget(location: Location | string, options: OpenOptions = {}): Target & TagLister {
  const parsed = typeof location === "string" ? parseLocation(location) : location;
  if (parsed.kind === "layout") return new ImageLayout(parsed.directory);
  const client = options.client ?? createRegistryClient({ credentials: defaultCredentials() });
  const repository = new RemoteRepository(parsed, client, options.cache);
  const { mirrors = [], onMirrorFailure } = options;
  if (mirrors.length === 0) return repository;
  const open = (mirror: string) => new RemoteRepository(locationBelow(mirror, parsed.repository), client);
  return new MirroredRepository(repository, mirrors.map(open), onMirrorFailure);
}

/** The location of a repository on a mirror, which is itself one, or a host. */
function locationBelow(mirror: string, repository: string): RegistryLocation {
  return parseLocation(`${mirror.replace(/\/+$/, "")}/${repository}`) as RegistryLocation;
}
