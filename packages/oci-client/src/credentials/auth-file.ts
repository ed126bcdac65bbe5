// The `auths` of docker's config.json and podman's auth.json: credentials in files, by host or by path.
import { readFile } from "node:fs/promises";
import { SpackOciError } from "@spack-oci/errors";
import { isRecord, parseJsonOrUndefined } from "../http/json.js";
import type { Credential } from "./credential.js";

/** What such a file says, as far as this client uses it. */
export interface AuthFile {
  readonly path: string;
  readonly auths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly credHelpers: Readonly<Record<string, string>>;
  readonly credsStore: string | undefined;
}

/**
 * Reads such a file; undefined when it is not there.
 *
 * @throws SpackOciError of kind `usage`, code `ERR_OCI_AUTH_FILE`, when it is malformed.
 */
export async function readAuthFile(path: string): Promise<AuthFile | undefined> {
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  const value = text.trim() === "" ? {} : parseJsonOrUndefined(text);
  if (!isRecord(value)) throw malformed(path, "it is not a JSON object");
  const { auths = {}, credHelpers = {}, credsStore } = value;
  if (!isRecord(auths) || !Object.values(auths).every(isRecord))
    throw malformed(path, "auths is not an object of objects");
  if (!isRecord(credHelpers) || !Object.values(credHelpers).every((name) => typeof name === "string")) {
    throw malformed(path, "credHelpers is not an object of names");
  }
  return {
    path,
    auths: auths as AuthFile["auths"],
    credHelpers: credHelpers as AuthFile["credHelpers"],
    credsStore: typeof credsStore === "string" && credsStore !== "" ? credsStore : undefined,
  };
}

/** The credential of an entry of `auths`; undefined when the entry is empty, as it is beside a credential store. */
export function credentialOfEntry(
  entry: Readonly<Record<string, unknown>>,
  source: string,
): Credential | undefined {
  const { auth, username, password, identitytoken } = entry;
  const decoded = typeof auth === "string" && auth !== "" ? decodeAuth(auth) : undefined;
  const user = decoded?.username ?? (typeof username === "string" ? username : undefined);
  if (typeof identitytoken === "string" && identitytoken !== "") {
    return { kind: "identity-token", token: identitytoken, source, ...(user ? { username: user } : {}) };
  }
  const secret = decoded?.password ?? (typeof password === "string" ? password : undefined);
  if (!user || secret === undefined) return undefined;
  return { kind: "basic", username: user, password: secret, source };
}

function decodeAuth(auth: string): { username: string; password: string } | undefined {
  const text = Buffer.from(auth, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 0) return undefined;
  // Some tools pad the secret with NULs.
  return { username: text.slice(0, colon), password: text.slice(colon + 1).replace(/\0+$/, "") };
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new SpackOciError("ERR_OCI_AUTH_FILE", `${path} cannot be read: ${(error as Error).message}`, {
      kind: "denied",
      place: path,
      cause: error,
      hint: "Check the permissions of the file.",
    });
  }
}

function malformed(path: string, why: string): SpackOciError {
  return new SpackOciError("ERR_OCI_AUTH_FILE", `${path} is malformed: ${why}`, {
    kind: "usage",
    place: path,
    hint: "Mend the file, or log in again to have it written anew.",
  });
}
