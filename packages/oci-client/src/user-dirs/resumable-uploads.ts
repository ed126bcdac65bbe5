// Where uploads in chunks were left, so that they go on there: in this process, and in the next one.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isRecord, parseJsonOrUndefined } from "../content/json.js";

/** Addresses of open sessions, by what is uploaded into them. */
export interface ResumableUploads {
  /** The address that the registry gave last; undefined when nothing is known. */
  find(upload: string): string | undefined;
  keep(upload: string, url: string): void;
  forget(upload: string): void;
}

/** For how long registries keep what is half uploaded, at most, in milliseconds; distribution purges after a week. */
const longestLife = 7 * 24 * 3600 * 1000;

/**
 * Remembers in memory; with a directory also in files of it, which only their owner can read: whoever has such an
 * address may write to the upload. What cannot be written is not remembered, and the upload begins anew.
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

/** Removes what nobody came back for. */
function sweep(directory: string): void {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    if (Date.now() - statSync(path).mtimeMs > longestLife) rmSync(path, { force: true });
  }
}

function attempt<T>(task: () => T): T | undefined {
  try {
    return task();
  } catch {
    return undefined; // without what it would have given, the upload begins anew
  }
}
