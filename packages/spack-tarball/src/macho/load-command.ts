// Load commands, and the paths in some of them.

import { alignUp } from "../binary-io/file-range.js";
import { type MachOFormat, UnsupportedMachOError } from "./macho-format.js";

export const LC_SEGMENT = 0x1;
export const LC_SYMTAB = 0x2;
export const LC_DYSYMTAB = 0xb;
export const LC_LOAD_DYLIB = 0xc;
export const LC_ID_DYLIB = 0xd;
export const LC_LOAD_DYLINKER = 0xe;
export const LC_TWOLEVEL_HINTS = 0x16;
export const LC_LOAD_WEAK_DYLIB = 0x80000018;
export const LC_SEGMENT_64 = 0x19;
export const LC_UUID = 0x1b;
export const LC_RPATH = 0x8000001c;
export const LC_CODE_SIGNATURE = 0x1d;
export const LC_REEXPORT_DYLIB = 0x8000001f;
export const LC_LAZY_LOAD_DYLIB = 0x20;
export const LC_ENCRYPTION_INFO = 0x21;
export const LC_DYLD_INFO = 0x22;
export const LC_DYLD_INFO_ONLY = 0x80000022;
export const LC_LOAD_UPWARD_DYLIB = 0x80000023;
export const LC_DYLD_ENVIRONMENT = 0x27;
export const LC_ENCRYPTION_INFO_64 = 0x2c;

/** The bytes before the path, at least, of each command with a path. */
const FIELDS_BEFORE_PATH = new Map([
  [LC_LOAD_DYLIB, 24],
  [LC_ID_DYLIB, 24],
  [LC_LOAD_WEAK_DYLIB, 24],
  [LC_REEXPORT_DYLIB, 24],
  [LC_LAZY_LOAD_DYLIB, 24],
  [LC_LOAD_UPWARD_DYLIB, 24],
  [LC_RPATH, 12],
  [LC_LOAD_DYLINKER, 12],
  [LC_DYLD_ENVIRONMENT, 12],
]);

/** Where each such command says where its path begins. */
const PATH_FIELD = 8;

/** `cmd` and `cmdsize`. */
const MIN_COMMAND_SIZE = 8;

export interface LoadCommand {
  readonly type: number;
  /** From the start of the slice. */
  readonly offset: number;
  readonly bytes: Buffer;
  /** Undefined if commands of its type have none, or if it is not inside of the command. */
  readonly path: CommandPath | undefined;
}

interface CommandPath {
  /** From the start of the command. */
  readonly start: number;
  /** Without the NUL. */
  readonly value: Buffer;
}

/**
 * @param bytes all commands
 * @param start where they begin in the slice
 * @throws UnsupportedMachOError unless there are `count` of them
 */
export function decodeCommands(
  bytes: Buffer,
  { start, count, format }: { readonly start: number; readonly count: number; readonly format: MachOFormat },
): LoadCommand[] {
  const commands: LoadCommand[] = [];
  let at = 0;
  while (commands.length < count) {
    if (at + MIN_COMMAND_SIZE > bytes.length) throw new UnsupportedMachOError("fewer load commands");
    const size = format.word(bytes, at + 4);
    if (size < MIN_COMMAND_SIZE || at + size > bytes.length)
      throw new UnsupportedMachOError("the size of a load command");
    const command = bytes.subarray(at, at + size);
    const type = format.word(command, 0);
    commands.push({ type, offset: start + at, bytes: command, path: pathIn(command, type, format) });
    at += size;
  }
  return commands;
}

function pathIn(command: Buffer, type: number, format: MachOFormat): CommandPath | undefined {
  const fields = FIELDS_BEFORE_PATH.get(type);
  if (fields === undefined || command.length < fields) return undefined;
  const start = format.word(command, PATH_FIELD);
  if (start < fields || start >= command.length) return undefined;
  const rest = command.subarray(start);
  const end = rest.indexOf(0);
  return { start, value: end < 0 ? rest : rest.subarray(0, end) };
}

/** A command with another path, in no more bytes than needed, as install_name_tool makes it. */
export function withPath(command: LoadCommand, path: Buffer, format: MachOFormat): Buffer {
  const start = command.path?.start ?? command.bytes.length;
  const size = alignUp(start + path.length + 1, format.commandAlignment);
  const bytes = Buffer.alloc(size);
  command.bytes.copy(bytes, 0, 0, start);
  path.copy(bytes, start);
  format.setWord(bytes, 4, size);
  return bytes;
}
