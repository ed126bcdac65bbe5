// Keeps a credential for later, where docker and podman find it too: in a helper where there is one, else in a file.

import { randomBytes } from "node:crypto";
import { chmod, mkdir, open, readFile, realpath, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { isRecord, parseJsonOrUndefined } from "../content/json.js";
import { credentialServer } from "../quirks/host-names.js";
import { parseAuthFile } from "./auth-file.js";
import { dockerConfigPath } from "./docker-config.js";
import { eraseFromHelper, storeInHelper } from "./helper.js";
import { keysFor } from "./host-keys.js";

/** Where a credential went, or was. */
export interface StoredIn {
  /** The helper's program, or the path of the file. */
  readonly place: string;
  /** Whether it is readable by whoever can read the file. */
  readonly plaintext: boolean;
}

/** Options of storing and erasing. */
export interface StoreOptions {
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * Stores a user name and password for a host: through the credential helper that docker's config.json names for it,
 * else in that file itself, which is replaced atomically and readable by its owner alone.
 *
 * @throws SpackOciError, code `ERR_OCI_AUTH_FILE` when the file is malformed, `ERR_OCI_CREDENTIAL_HELPER` when the
 *   helper fails.
 */
export async function storeCredential(
  host: string,
  credential: { readonly username: string; readonly password: string },
  { environment = process.env }: StoreOptions = {},
): Promise<StoredIn> {
  const path = dockerConfigPath(environment);
  const config = await readConfig(path);
  const server = credentialServer(host);
  if (config.helper(server) !== undefined) {
    const helper = config.helper(server) as string;
    await storeInHelper(helper, server, credential);
    await writeConfig(path, { ...config.value, auths: { ...config.auths, [server]: {} } });
    return { place: `docker-credential-${helper}`, plaintext: false };
  }
  const auth = Buffer.from(`${credential.username}:${credential.password}`, "utf8").toString("base64");
  await writeConfig(path, { ...config.value, auths: { ...config.auths, [server]: { auth } } });
  return { place: path, plaintext: true };
}

/** Removes what was stored for a host, under whatever spelling; undefined when there was nothing. */
export async function eraseCredential(
  host: string,
  { environment = process.env }: StoreOptions = {},
): Promise<StoredIn | undefined> {
  const path = dockerConfigPath(environment);
  const config = await readConfig(path);
  const server = credentialServer(host);
  const keys = keysFor(host, "").filter((key) => Object.hasOwn(config.auths, key));
  const helper = config.helper(server);
  if (helper !== undefined) {
    for (const key of new Set([...keys, server])) await eraseFromHelper(helper, key);
  }
  if (keys.length > 0) {
    const auths = Object.fromEntries(Object.entries(config.auths).filter(([key]) => !keys.includes(key)));
    await writeConfig(path, { ...config.value, auths });
  }
  if (helper !== undefined) return { place: `docker-credential-${helper}`, plaintext: false };
  return keys.length > 0 ? { place: path, plaintext: true } : undefined;
}

async function readConfig(path: string) {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const { auths, credHelpers, credsStore } = parseAuthFile(text, path);
  const value = parseJsonOrUndefined(text);
  return {
    value: isRecord(value) ? value : {},
    auths,
    helper: (server: string) => (Object.hasOwn(credHelpers, server) ? credHelpers[server] : credsStore),
  };
}

async function writeConfig(path: string, value: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // A config that is a link stays one.
  const target = await realpath(path).catch(() => path);
  const temporary = `${target}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      await file.writeFile(`${JSON.stringify(value, undefined, "\t")}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await chmod(temporary, 0o600);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
