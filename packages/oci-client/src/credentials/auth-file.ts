// The format of docker's config.json and podman's auth.json: credentials by host or path, and names of helpers.

import { readFile } from "node:fs/promises";
import { isMissing, reasonOf, SpackOciError } from "@spack-oci/errors";
import { isRecord, parseJsonOrUndefined } from "../content/json.js";
import type { Credential } from "./credential.js";
import { keysFor } from "./host-keys.js";

/** The parts of such a file that this client uses. */
export interface AuthFile {
  /** The file, or another source of its text. */
  readonly path: string;
  readonly auths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** The names of helpers, by host. */
  readonly credHelpers: Readonly<Record<string, string>>;
  /** The helper for all other hosts. */
  readonly credsStore: string | undefined;
}

/**
 * Reads such a file; undefined if it does not exist.
 *
 * @throws SpackOciError of kind `usage`, code `ERR_OCI_AUTH_FILE`, if it is malformed; `denied` if it cannot be
 *   read.
 */
export async function readAuthFile(path: string): Promise<AuthFile | undefined> {
  const text = await readIfThere(path);
  return text === undefined ? undefined : parseAuthFile(text, path);
}

/**
 * Parses the text of such a file; an empty one has no credentials.
 *
 * @throws SpackOciError of kind `usage`, code `ERR_OCI_AUTH_FILE`.
 */
export function parseAuthFile(text: string, path: string): AuthFile {
  const value = text.trim() === "" ? {} : parseJsonOrUndefined(text);
  if (!isRecord(value)) throw malformed(path, "it is not a JSON object");
  const { credsStore } = value;
  const auths = value["auths"] ?? {};
  const credHelpers = value["credHelpers"] ?? {};
  if (!isRecord(auths) || !Object.values(auths).every(isRecord)) {
    throw malformed(path, "auths is not an object of objects");
  }
  if (credsStore !== undefined && typeof credsStore !== "string") {
    throw malformed(path, "credsStore is not a name");
  }
  if (!isRecord(credHelpers) || !Object.values(credHelpers).every((name) => typeof name === "string")) {
    throw malformed(path, "credHelpers is not an object of names");
  }
  return {
    path,
    auths: auths as AuthFile["auths"],
    credHelpers: credHelpers as AuthFile["credHelpers"],
    credsStore: credsStore === "" ? undefined : credsStore,
  };
}

/** The credential in `auths` for a repository; the most specific key wins. */
export function findInAuths(file: AuthFile, host: string, repository: string): Credential | undefined {
  for (const key of keysFor(host, repository)) {
    const entry = Object.hasOwn(file.auths, key) ? file.auths[key] : undefined;
    const credential = entry && credentialOfEntry(entry, { path: file.path, key });
    if (credential !== undefined) return credential;
  }
  return undefined;
}

/** Where an entry stands, for messages; its fields are secrets. */
interface EntryPlace {
  readonly path: string;
  readonly key: string;
}

const ENTRY_FIELDS = ["auth", "username", "password", "identitytoken"] as const;

/**
 * The credential of one entry; undefined if it is empty, as entries are that belong to a credential store. An entry
 * that cannot be read is an error: the request would be made as anonymous.
 */
function credentialOfEntry(
  entry: Readonly<Record<string, unknown>>,
  place: EntryPlace,
): Credential | undefined {
  const { auth = "", username, password, identitytoken } = textFields(entry, place);
  const decoded = auth === "" ? undefined : decodeAuth(auth, place);
  const user = decoded?.username ?? username;
  const source = place.path;
  if (identitytoken !== undefined && identitytoken !== "") {
    return { kind: "identity-token", token: identitytoken, source, ...(user ? { username: user } : {}) };
  }
  const secret = decoded?.password ?? password;
  if (!user || secret === undefined) return undefined;
  return { kind: "basic", username: user, password: secret, source };
}

function textFields(
  entry: Readonly<Record<string, unknown>>,
  { path, key }: EntryPlace,
): Partial<Record<(typeof ENTRY_FIELDS)[number], string>> {
  const fields = ENTRY_FIELDS.filter((name) => entry[name] !== undefined && entry[name] !== null);
  const unreadable = fields.find((name) => typeof entry[name] !== "string");
  if (unreadable !== undefined) throw malformed(path, `the ${unreadable} of ${key} is not a text`);
  return Object.fromEntries(fields.map((name) => [name, entry[name] as string]));
}

function decodeAuth(auth: string, { path, key }: EntryPlace): { username: string; password: string } {
  const text = Buffer.from(auth, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 0) throw malformed(path, `the auth of ${key} is not USERNAME:PASSWORD in base64`);
  // Some tools pad the secret with NUL bytes.
  return { username: text.slice(0, colon), password: text.slice(colon + 1).replace(/\0+$/, "") };
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new SpackOciError("ERR_OCI_AUTH_FILE", `Cannot read ${path}: ${reasonOf(error)}.`, {
      kind: "denied",
      place: path,
      cause: error,
      hint: "Check the permissions of the file.",
    });
  }
}

function malformed(path: string, why: string): SpackOciError {
  return new SpackOciError("ERR_OCI_AUTH_FILE", `${path} is malformed: ${why}.`, {
    kind: "usage",
    place: path,
    hint: "Fix the file, or log in again to rewrite it.",
  });
}
