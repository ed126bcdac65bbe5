// Describes the files of a package as its layer holds them, for its manifest.

import type { Json, JsonObject } from "@spack-oci/spack-spec";
import { contentHash } from "./describe-entry.js";

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
 * What a manifest says of a layer that root unpacks: everything is as old as 1970, with the modes that Spack gives to what it
 * installs by default. It depends on nothing but the layer.
 */
export function describeLayerEntry({
  type,
  executable,
  target = "",
  sha1,
  size = 0,
}: LayerEntry): JsonObject {
  const owner: [string, Json][] = [
    ["owner", 0n],
    ["group", 0n],
  ];
  if (type === "directory") return new Map<string, Json>([["mode", 0o42755n], ...owner]);
  if (type === "symlink") return new Map<string, Json>([["mode", 0o120777n], ...owner, ["dest", target]]);
  return new Map<string, Json>([
    ["mode", executable === true ? 0o100755n : 0o100644n],
    ...owner,
    ["hash", contentHash(sha1 ?? Buffer.alloc(0))],
    ["time", 0],
    ["size", BigInt(size)],
  ]);
}
