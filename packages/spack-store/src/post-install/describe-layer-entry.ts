// Describes the entries of a package's layer, for its manifest.

import type { Json, JsonObject } from "@spack-oci/spack-spec";
import { contentHash } from "./describe-entry.js";

/** An entry of a layer. */
export interface LayerEntry {
  readonly type: "directory" | "symlink" | "file";
  /** Below the prefix; `""` is the prefix itself. */
  readonly path: string;
  readonly executable?: boolean;
  /** The target of a symbolic link. */
  readonly target?: string;
  /** Of a file's content. */
  readonly sha1?: Buffer;
  /** Of a file, in bytes. */
  readonly size?: number;
}

/**
 * The manifest entry of a layer unpacked by root: dated 1970, with the default modes of Spack's installs. It only
 * depends on the layer.
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
