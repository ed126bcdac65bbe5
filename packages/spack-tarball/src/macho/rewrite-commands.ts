// Rewrites the load commands of an architecture: paths may become shorter or longer, and commands may be dropped or
// added.

import { commandRoom } from "./command-room.js";
import type { LoadCommand } from "./load-command.js";
import { type MachOSlice, writeCommandTotals } from "./macho-file.js";

/** The new bytes of a command, or undefined to drop it. */
export type CommandChanges = ReadonlyMap<LoadCommand, Buffer | undefined>;

/** New load commands that fit, or the number of bytes that are missing before the first section. */
export type CommandPlan = FittingCommands | { readonly fits: false; readonly missing: number };

export interface FittingCommands {
  readonly fits: true;
  readonly commands: readonly PlacedCommand[];
  readonly added: readonly Buffer[];
}

/** A command and where it will be in the slice. */
export interface PlacedCommand {
  /** As it is in the file so far. */
  readonly original: LoadCommand;
  readonly offset: number;
  readonly bytes: Buffer;
}

/**
 * Plans without writing.
 *
 * @param added commands after all others
 */
export function planCommands(
  slice: MachOSlice,
  changes: CommandChanges,
  added: readonly Buffer[] = [],
): CommandPlan {
  const commands: PlacedCommand[] = [];
  let offset = slice.format.headerSize;
  for (const original of slice.commands) {
    const bytes = changes.has(original) ? changes.get(original) : original.bytes;
    if (bytes === undefined) continue;
    commands.push({ original, offset, bytes });
    offset += bytes.length;
  }
  const end = added.reduce((at, { length }) => at + length, offset);
  const size = end - slice.format.headerSize;
  const missing = size <= slice.commandsSize ? 0 : Math.max(0, size - commandRoom(slice));
  return missing > 0 ? { fits: false, missing } : { fits: true, commands, added };
}

/** Writes planned commands over the present ones, and zeros over what is left of those. */
export function writeCommands(slice: MachOSlice, { commands, added }: FittingCommands): void {
  const { reader, format, commandsSize } = slice;
  const all = [...commands.map((command) => command.bytes), ...added];
  const size = all.reduce((sum, { length }) => sum + length, 0);
  reader.write(Buffer.concat(all, Math.max(size, commandsSize)), format.headerSize);
  writeCommandTotals(slice, { count: all.length, size });
}
