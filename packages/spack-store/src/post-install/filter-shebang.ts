// Makes scripts with interpreter lines that are too long for the kernel work, using sbang.

import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { SpackOciError } from "@spack-oci/errors";
import { chmod, lstat, openFile, type RandomAccess, rename } from "@spack-oci/files";
import { joinBytes } from "./walk.js";

/** Lines of at least this length, including the line break, are left alone (`spack/hooks/sbang.py`). */
const MAX_LINE = 4096;

const HASH = 0x23;
const EXCLAMATION_MARK = 0x21;

/**
 * The longest interpreter line that systems support; the minimum of Linux distributions.
 *
 * @param platform of the package, as specs name it
 */
function shebangLimit(platform: string = process.platform): number {
  return platform === "darwin" ? 511 : 127;
}

/**
 * The interpreter line with sbang, without a line break.
 *
 * @throws SpackOciError `ERR_SBANG_PATH` if the path of sbang itself is too long
 *
 * @example
 * ```ts
 * import { sbangLine } from "@spack-oci/spack-store";
 *
 * console.log(sbangLine("/opt/store/bin/sbang", "linux")); // #!/bin/sh /opt/store/bin/sbang
 * ```
 */
export function sbangLine(sbangPath: string, platform?: string): string {
  const length = [...sbangPath].length;
  const limit = shebangLimit(platform);
  if (length <= limit) return `#!/bin/sh ${sbangPath}`;
  throw new SpackOciError(
    "ERR_SBANG_PATH",
    `The path of sbang has ${length} characters; the limit is ${limit}.`,
    {
      kind: "unsupported",
      place: sbangPath,
      hint: "Choose a shorter root for the store (its padding does not count).",
    },
  );
}

/**
 * Inserts a line with sbang before the interpreter line of an executable file, if that is too long (`hooks/sbang.py` in
 * Spack). The mode is kept; hard links are not.
 *
 * @param path of a file, not a link
 * @param platform of the package, this machine's by default: it decides which lines are too long
 * @returns whether the file was replaced
 * @throws SpackOciError `ERR_SBANG_PATH`; errors of the file system unchanged
 */
export async function filterShebang(path: Buffer, sbangPath: string, platform?: string): Promise<boolean> {
  const { mode } = await lstat(path);
  if ((mode & 0o111) === 0) return false;
  const insertion = sbangInsertion(await readStart(path), sbangPath, platform);
  if (insertion === undefined) return false;
  await replaceStart(path, insertion.length, { start: insertion.start, mode: mode & 0o7777 });
  return true;
}

/** The bytes of a file that {@link sbangInsertion} needs; valid until the next call. */
export function startOf(file: RandomAccess): Buffer {
  return file.viewNow(LINE, 0);
}

/** For {@link startOf}. */
const LINE: Buffer = Buffer.alloc(MAX_LINE);

/** New bytes for the first `length` ones of a file. */
export interface SbangInsertion {
  readonly start: Buffer;
  readonly length: number;
}

/** A whole file with its line for sbang. */
export function withSbang(bytes: Buffer, { start, length }: SbangInsertion): Buffer {
  return Buffer.concat([start, bytes.subarray(length)]);
}

/**
 * What inserting a line with sbang changes in a file.
 *
 * @param bytes the file, or its first {@link MAX_LINE} bytes
 * @returns the bytes that replace its first `length` ones; undefined if its interpreter line is fine
 * @throws SpackOciError `ERR_SBANG_PATH`
 */
export function sbangInsertion(
  bytes: Buffer,
  sbangPath: string,
  platform?: string,
): SbangInsertion | undefined {
  const newLine = Buffer.from(`${sbangLine(sbangPath, platform)}\n`);
  const oldLine = longLine(bytes.subarray(0, MAX_LINE), platform);
  const patched = oldLine && patchedLine(oldLine);
  if (oldLine === undefined || patched === undefined || oldLine.equals(newLine)) return undefined;
  return { start: Buffer.concat([newLine, patched]), length: oldLine.length };
}

/** The first line, including the line break, if it is an interpreter line that is too long, within reason. */
function longLine(start: Buffer, platform: string | undefined): Buffer | undefined {
  if (start[0] !== HASH || start[1] !== EXCLAMATION_MARK) return undefined;
  const lineBreak = start.indexOf("\n");
  const line = start.subarray(0, lineBreak < 0 ? start.length : lineBreak + 1);
  return line.length > shebangLimit(platform) && line.length < MAX_LINE ? line : undefined;
}

async function readStart(path: Buffer): Promise<Buffer> {
  const file = await openFile(path, "r");
  try {
    const buffer = Buffer.alloc(MAX_LINE);
    let size = 0;
    for (let bytesRead = -1; bytesRead !== 0 && size < MAX_LINE; size += bytesRead) {
      ({ bytesRead } = await file.read(buffer, { offset: size, position: size }));
    }
    return buffer.subarray(0, size);
  } finally {
    await file.close();
  }
}

/** The interpreter line as a comment of its language; undefined if it does not name an interpreter. */
function patchedLine(line: Buffer): Buffer | undefined {
  const interpreter = /^#![ \t]*?([^ \t\0\n]+)/.exec(line.toString("latin1"))?.[1];
  if (interpreter === undefined) return undefined;
  const rest = line.subarray(2);
  if (/\/lua(jit)?$/.test(interpreter)) return Buffer.concat([Buffer.from("--!"), rest]);
  if (interpreter.endsWith("/node")) return Buffer.concat([Buffer.from("//!"), rest]);
  if (interpreter.endsWith("/php")) return Buffer.concat([Buffer.from("<?php "), line, Buffer.from(" ?>")]);
  return line;
}

/** Replaces the first `length` bytes of a file, using a temporary file next to it. */
async function replaceStart(
  path: Buffer,
  length: number,
  { start, mode }: { readonly start: Buffer; readonly mode: number },
): Promise<void> {
  const directory = path.subarray(0, path.lastIndexOf("/"));
  // Several scripts of a directory may be replaced at the same time.
  const temporary = joinBytes(directory, `.sbang.${randomUUID()}.tmp`);
  try {
    const target = createWriteStream(temporary, { flags: "wx", mode: 0o600 });
    target.write(start);
    await pipeline(createReadStream(path, { start: length }), target);
    await chmod(temporary, mode);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
