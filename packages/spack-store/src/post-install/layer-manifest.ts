// Describes the files of a package as its layer holds them, for `spack verify manifest`.
import { formatJson } from "../json/format.js";
import type { Json, JsonObject } from "../json/value.js";
import { base32Encode } from "../spec/base32.js";
import { isListed } from "./install-manifest.js";

/** Something that a layer holds. */
export interface LayerEntry {
  readonly type: "directory" | "symlink" | "file";
  /** Below the prefix; `""` is the prefix itself. */
  readonly path: string;
  readonly executable?: boolean;
  /** Where a symbolic link points. */
  readonly target?: string;
  /** Of a file's content. */
  readonly sha1?: Buffer;
  /** Of a file, in bytes. */
  readonly size?: number;
}

/**
 * The manifest of a package as root unpacks its layer, entry by entry: as old as 1970, with the modes that Spack gives to what it
 * installs by default. It depends on nothing but the layer.
 *
 * @param prefix of the package
 * @returns the member of the manifest's object, name and value; undefined for what no manifest has
 */
export function formatLayerEntry(prefix: string, entry: LayerEntry): string | undefined {
  if (!isListed(entry.path)) return undefined;
  const name = entry.path === "" ? prefix : `${prefix}/${entry.path}`;
  return `${formatJson(name)}:${formatJson(layerEntryToJson(entry))}`;
}

function layerEntryToJson({ type, executable, target = "", sha1, size = 0 }: LayerEntry): JsonObject {
  const owner: [string, Json][] = [
    ["owner", 0n],
    ["group", 0n],
  ];
  if (type === "directory") return new Map<string, Json>([["mode", 0o42755n], ...owner]);
  if (type === "symlink") return new Map<string, Json>([["mode", 0o120777n], ...owner, ["dest", target]]);
  return new Map<string, Json>([
    ["mode", executable === true ? 0o100755n : 0o100644n],
    ...owner,
    ["hash", base32Encode(sha1 ?? Buffer.alloc(0)).toUpperCase()],
    ["time", 0],
    ["size", BigInt(size)],
  ]);
}
