// Reads the credentials of configured mirrors.

import { isSpackOciError } from "@spack-oci/errors";
import { type Location, parseLocation, type RepositoryCredential } from "@spack-oci/oci-client";
import type {
  MirrorConnection,
  MirrorDirection,
  MirrorEntry,
  UserConfiguration,
} from "@spack-oci/spack-config";

/** Covers all mirrors, because a location may be below one of them. */
export function configuredAccess(
  configured: UserConfiguration | undefined,
  direction: MirrorDirection,
): RepositoryCredential[] {
  return (configured?.mirrors() ?? []).flatMap((mirror) => accessOf(mirror, direction));
}

/** Credentials for the other direction are better than none (Spack: oci/opener.py, `credentials_from_mirrors`). */
function accessOf(mirror: MirrorEntry, direction: MirrorDirection): RepositoryCredential[] {
  const directions: MirrorDirection[] = direction === "push" ? ["push", "fetch"] : ["fetch", "push"];
  for (const each of directions) {
    const connection = connectionIfAny(mirror, each);
    const access = connection === undefined ? undefined : accessOfConnection(mirror.name, connection);
    if (access !== undefined) return [access];
  }
  return [];
}

function connectionIfAny(mirror: MirrorEntry, direction: MirrorDirection): MirrorConnection | undefined {
  try {
    return mirror.connection(direction);
  } catch (error) {
    // A mirror may have a URL for one direction only.
    if (isSpackOciError(error) && error.code === "ERR_MIRROR_WITHOUT_URL") return undefined;
    throw error;
  }
}

function accessOfConnection(name: string, connection: MirrorConnection): RepositoryCredential | undefined {
  const { url, accessPair, accessToken } = connection;
  if (!/^oci(\+http)?:/.test(url)) return undefined;
  const location = locationIfAny(url);
  if (location?.kind !== "registry") return undefined;
  const place = { host: location.host, repository: location.repository, source: `mirror "${name}"` };
  if (accessPair !== undefined) return { ...place, username: accessPair.id, password: accessPair.secret };
  return accessToken === undefined ? undefined : { ...place, password: accessToken };
}

/** An invalid mirror URL is an error only for a command that names this mirror. */
function locationIfAny(url: string): Location | undefined {
  try {
    return parseLocation(url);
  } catch (error) {
    if (isSpackOciError(error, "usage")) return undefined;
    throw error;
  }
}
