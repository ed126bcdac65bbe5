// Credentials from docker's config.json, where `docker login` and most tools of continuous integration put them.
import { homedir } from "node:os";
import { join } from "node:path";
import { type AuthFile, credentialOfEntry, readAuthFile } from "./auth-file.js";
import type { Credential, Credentials } from "./credential.js";
import { keysFor } from "./host-keys.js";

/** `config.json` in `DOCKER_CONFIG`, else in `~/.docker`. */
export function dockerConfigPath(environment: NodeJS.ProcessEnv): string {
  return join(
    environment["DOCKER_CONFIG"] || join(environment["HOME"] || homedir(), ".docker"),
    "config.json",
  );
}

/** Credentials of one such file; it is read when it is first needed. */
export function fileCredentials(path: string): Credentials {
  let file: Promise<AuthFile | undefined> | undefined;
  const find: Credentials = async (host, repository) => {
    file ??= readAuthFile(path);
    const read = await file;
    return read && findInFile(read, host, repository);
  };
  return Object.assign(find, { sources: [path] });
}

function findInFile(file: AuthFile, host: string, repository: string): Credential | undefined {
  for (const key of keysFor(host, repository)) {
    const entry = Object.hasOwn(file.auths, key) ? file.auths[key] : undefined;
    const credential = entry && credentialOfEntry(entry, file.path);
    if (credential !== undefined) return credential;
  }
  return undefined;
}
