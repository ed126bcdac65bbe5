// Sets modes and groups like Spack's permissions hook.

import { SpackOciError } from "@spack-oci/errors";
import { chmod, decodeFileName, lchown, stat } from "@spack-oci/files";

/** Who may read or write, from narrow to wide. */
export type PermissionLevel = "user" | "group" | "world";

/** The modes and the group of a package's files. */
export interface PackagePermissions {
  /** Mode of executables; other files lack the execute bits. */
  readonly fileMode: number;
  readonly directoryMode: number;
  /** The ID of the group; groups are unchanged without it. */
  readonly group?: number;
}

const SETUID = 0o4000;
const SETGID = 0o2000;
const HIGH_BITS = 0o7000;
const ALL_BITS = 0o7777;

/**
 * The modes for `packages:...:permissions` of Spack's configuration (`get_package_permissions` in
 * `spack/package_prefs.py`). Directories accessible to the group have the setgid bit, unless `config:allow_sgid` is
 * off.
 *
 * @throws SpackOciError `ERR_PERMISSIONS` (usage) if more may write than may read
 */
export function packagePermissions(
  read: PermissionLevel = "world",
  write: PermissionLevel = "user",
  options: { readonly group?: number; readonly allowSgid?: boolean } = {},
): PackagePermissions {
  const levels = ["user", "group", "world"];
  if (levels.indexOf(write) > levels.indexOf(read)) {
    throw new SpackOciError("ERR_PERMISSIONS", `The permissions let ${write} write but only ${read} read.`, {
      kind: "usage",
      hint: "Widen permissions:read or narrow permissions:write in packages.yaml.",
    });
  }
  const readable = { user: 0o700, group: 0o750, world: 0o755 }[read];
  const writable = { user: 0, group: 0o020, world: 0o022 }[write];
  const fileMode = readable | writable;
  const directoryMode =
    (fileMode & 0o070) !== 0 && options.allowSgid !== false ? fileMode | SETGID : fileMode;
  return { fileMode, directoryMode, ...(options.group === undefined ? {} : { group: options.group }) };
}

/**
 * Sets mode and group of one file or directory (`hooks/permissions_setters.py`, `util/file_permissions.py` in Spack):
 * setuid, setgid and sticky bits are kept, and non-executable files stay so.
 *
 * @throws SpackOciError `ERR_PERMISSIONS_UNSAFE` if a setuid or setgid file would become writable for others; errors of
 *   the file system unchanged
 */
export async function setPermissions(path: Buffer | string, permissions: PackagePermissions): Promise<void> {
  const found = await stat(path);
  const wanted = wantedMode(path, permissions, found);
  if (wanted !== (found.mode & ALL_BITS)) await chmod(path, wanted);
  const { group } = permissions;
  if (group !== undefined && group !== found.gid) await lchown(path, found.uid, group);
}

/** What {@link wantedMode} needs to know about a file or directory. */
interface FoundFile {
  readonly mode: number | bigint;
  isDirectory(): boolean;
  isFile(): boolean;
}

/**
 * The permission bits that a file or directory gets.
 *
 * @throws SpackOciError `ERR_PERMISSIONS_UNSAFE`
 */
export function wantedMode(path: Buffer | string, permissions: PackagePermissions, found: FoundFile): number {
  const foundMode = Number(found.mode);
  const base = found.isDirectory() ? permissions.directoryMode : permissions.fileMode;
  const mode = base | (foundMode & HIGH_BITS);
  refuseUnsafe(path, mode);
  const isPlainFile = found.isFile() && (foundMode & 0o111) === 0;
  return isPlainFile ? mode & ~0o111 : mode;
}

function refuseUnsafe(path: Buffer | string, mode: number): void {
  const isWorldWritable = (mode & 0o002) !== 0;
  const isGroupWritable = (mode & 0o020) !== 0;
  const special = mode & SETUID ? "setuid" : "setgid";
  const isUnsafe =
    (mode & SETUID && (isWorldWritable || isGroupWritable)) || (mode & SETGID && isWorldWritable);
  if (!isUnsafe) return;
  const place = decodeFileName(Buffer.from(path));
  throw new SpackOciError(
    "ERR_PERMISSIONS_UNSAFE",
    `${place} is ${special} and would be writable by others.`,
    {
      kind: "failed",
      place,
      hint: "Narrow permissions:write of this package in packages.yaml, or set config:allow_sgid to false.",
    },
  );
}
