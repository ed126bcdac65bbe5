// Stores a credential where docker and podman find it too: in a helper if one is configured, else in a file.

import { randomBytes } from "node:crypto";
import { chmod, mkdir, open, readFile, realpath, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { isRecord, parseJsonOrUndefined } from "../content/json.js";
import { credentialServer } from "../quirks/host-names.js";
import { parseAuthFile } from "./auth-file.js";
import { dockerConfigPath } from "./docker-config.js";
import { eraseFromHelper, storeInHelper } from "./helper.js";
import { keysFor } from "./host-keys.js";

/** Where a credential was stored. */
export interface StoredIn {
  /** The helper's program, or the path of the file. */
  readonly place: string;
  /** Whether everyone who can read the file can read the credential. */
  readonly plaintext: boolean;
}

/** Options of storing and erasing. */
export interface StoreOptions {
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * Stores a user name and password for a host: through the credential helper that docker's config.json configures for
 * it, else in that file itself, which is replaced atomically and readable only by its owner.
 *
 * @throws SpackOciError, code `ERR_OCI_AUTH_FILE` if the file is malformed, `ERR_OCI_CREDENTIAL_HELPER` if the
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

/** Removes the credential of a host, under all spellings of the host; undefined if there was none. */
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
  // A config file that is a symbolic link remains one.
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
