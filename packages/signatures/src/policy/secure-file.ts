// Reads a file that decides what is trusted, if only its owner can change it.

import { realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { isMissing, reasonOf, SpackOciError } from "@spack-oci/errors";
import { readSmallFile } from "../keys/read-small-file.js";

/** Write permission of the group and of others. */
const WRITABLE_BY_OTHERS = 0o022;
/** In a directory with this bit, as in /tmp, nobody replaces the files of others. */
const STICKY = 0o1000;

/**
 * The text of a file that belongs to the user or to root, and that nobody else can write or replace.
 *
 * @returns undefined if there is no such file.
 * @throws SpackOciError `ERR_POLICY_WRITABLE` (`denied`) if others can change it; `ERR_POLICY` (`usage`) if it cannot be
 *   read: a policy is never ignored.
 */
export function readSecureFile(path: string, limit: number): string | undefined {
  let file: ReturnType<typeof readSmallFile>;
  try {
    file = readSmallFile(path, limit);
    requireSecure(path, file);
    // Links are followed; who can replace either the link or the file decides what is read.
    for (const each of new Set([path, realpathSync(path)])) requireSecureDirectory(dirname(each));
  } catch (cause) {
    if (cause instanceof SpackOciError) throw cause;
    if (isMissing(cause)) return undefined;
    throw badPolicy(path, `it cannot be read: ${reasonOf(cause)}`, cause);
  }
  return file.text;
}

/** The error for a policy that cannot be followed; kind `usage`. */
export function badPolicy(path: string, why: string, cause?: unknown): SpackOciError {
  return new SpackOciError("ERR_POLICY", `The policy ${path} cannot be followed: ${why}.`, {
    kind: "usage",
    place: path,
    cause,
    hint: "See docs/signing.md for the format. A policy is never ignored, because packages would then be installed unverified.",
  });
}

function requireSecureDirectory(path: string): void {
  const directory = statSync(path);
  if ((directory.mode & STICKY) === 0) requireSecure(path, directory);
}

function requireSecure(path: string, { uid, mode }: { readonly uid: number; readonly mode: number }): void {
  const own = process.getuid?.();
  const isForeign = own !== undefined && uid !== own && uid !== 0;
  if (!isForeign && (mode & WRITABLE_BY_OTHERS) === 0) return;
  const why = isForeign ? `belongs to user ${uid}` : "can be written by others";
  throw new SpackOciError("ERR_POLICY_WRITABLE", `${path} ${why}, who could change what is trusted.`, {
    kind: "denied",
    place: path,
    hint: `Check its content, then run: chmod go-w ${path}${isForeign ? `, and chown it to yourself or root` : ""}.`,
  });
}
