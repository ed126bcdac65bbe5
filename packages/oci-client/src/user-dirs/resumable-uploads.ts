// Remembers where uploads in chunks stopped, so that this process or the next one can continue them.

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isRecord, parseJsonOrUndefined } from "../content/json.js";

/** The addresses of open sessions, by upload. */
export interface ResumableUploads {
  /** The last address that the registry gave; undefined if there is none. */
  find(upload: string): string | undefined;
  keep(upload: string, url: string): void;
  forget(upload: string): void;
}

/**
 * The longest time that registries keep unfinished uploads, in milliseconds; distribution purges them after a week.
 */
const MAX_AGE = 7 * 24 * 3600 * 1000;

/**
 * Remembers in memory, and with a directory also in files that only their owner can read, because the
 * address gives write access to the upload. If a file cannot be written, the upload starts over.
 */
export function resumableUploads(directory?: string): ResumableUploads {
  const known = new Map<string, string>();
  const files = directory === undefined ? undefined : sessionFiles(directory);
  return {
    find: (upload) => known.get(upload) ?? files?.find(upload),
    keep: (upload, url) => {
      known.set(upload, url);
      files?.keep(upload, url);
    },
    forget: (upload) => {
      known.delete(upload);
      files?.forget(upload);
    },
  };
}

function sessionFiles(directory: string): ResumableUploads {
  const fileOf = (upload: string) =>
    join(directory, `${createHash("sha256").update(upload).digest("hex")}.json`);
  let isSwept = false;
  return {
    find: (upload) => attempt(() => readSessionFile(fileOf(upload), upload)),
    keep: (upload, url) =>
      attempt(() => {
        mkdirSync(directory, { recursive: true, mode: 0o700 });
        if (!isSwept) sweep(directory);
        isSwept = true;
        const temporary = `${fileOf(upload)}.${process.pid}.tmp`;
        writeFileSync(temporary, JSON.stringify({ upload, url }), { mode: 0o600 });
        renameSync(temporary, fileOf(upload));
      }),
    forget: (upload) => attempt(() => rmSync(fileOf(upload), { force: true })),
  };
}

function readSessionFile(path: string, upload: string): string | undefined {
  const value = parseJsonOrUndefined(readFileSync(path, "utf8"));
  if (!isRecord(value) || value["upload"] !== upload) return undefined;
  return typeof value["url"] === "string" && URL.canParse(value["url"]) ? value["url"] : undefined;
}

/** Removes sessions that nobody continued. */
function sweep(directory: string): void {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    if (Date.now() - statSync(path).mtimeMs > MAX_AGE) rmSync(path, { force: true });
  }
}

function attempt<T>(task: () => T): T | undefined {
  try {
    return task();
  } catch {
    return undefined; // without the file, the upload starts over
  }
}
