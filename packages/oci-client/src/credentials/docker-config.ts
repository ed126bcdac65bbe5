// Credentials from docker's config.json and podman's auth.json, and from the helpers that these name.

import { join } from "node:path";
import { credentialServer } from "../quirks/host-names.js";
import { configDirectory, homeDirectory } from "../user-dirs/user-directories.js";
import { type AuthFile, findInAuths, readAuthFile } from "./auth-file.js";
import type { Credentials } from "./credential.js";
import { getFromHelper } from "./helper.js";
import { keysFor } from "./host-keys.js";

/** `config.json` in `DOCKER_CONFIG`, or in `~/.docker`. */
export function dockerConfigPath(environment: NodeJS.ProcessEnv): string {
  return join(environment["DOCKER_CONFIG"] || join(homeDirectory(environment), ".docker"), "config.json");
}

/** Podman's files: `REGISTRY_AUTH_FILE` alone if it is set, else the one of the session, then the permanent one. */
export function podmanAuthPaths(environment: NodeJS.ProcessEnv): string[] {
  const { REGISTRY_AUTH_FILE: named, XDG_RUNTIME_DIR: runtime } = environment;
  if (named) return [named];
  const lasting = join(configDirectory(environment), "containers", "auth.json");
  return runtime ? [join(runtime, "containers", "auth.json"), lasting] : [lasting];
}

/**
 * Credentials of one such file: from the helper for the host, the credential store, or the file itself. It is read at
 * each call, so that a login in another process takes effect.
 */
export function fileCredentials(path: string): Credentials {
  const sources = [path];
  const find: Credentials = async (host, repository, signal) => {
    const file = await readAuthFile(path);
    if (file === undefined) return undefined;
    const { name, servers } = helperFor(file, host, repository);
    if (name !== undefined) {
      const source = `docker-credential-${name}`;
      if (!sources.includes(source)) sources.push(source);
      for (const server of servers) {
        const credential = await getFromHelper(name, server, { signal });
        if (credential !== undefined) return credential;
      }
    }
    return findInAuths(file, host, repository);
  };
  return Object.assign(find, { sources });
}

/** The helper to ask for a repository's credential, and the names of the host to ask for. */
function helperFor(file: AuthFile, host: string, repository: string) {
  const keys = keysFor(host, repository);
  const named = keys.find((key) => Object.hasOwn(file.credHelpers, key));
  const name = (named && file.credHelpers[named]) ?? file.credsStore;
  // Helpers find a secret only under the exact key that it was stored with, which `auths` then lists too.
  const stored = keys.filter((key) => Object.hasOwn(file.auths, key));
  const servers = new Set([...(named === undefined ? [] : [named]), ...stored, credentialServer(host)]);
  return { name, servers };
}
