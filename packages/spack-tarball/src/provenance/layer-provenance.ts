// Where a package was built, according to its layer: some of it is near the beginning, the rest in the last member.

import { decodeFileName } from "@spack-oci/files";
import { type BuildInfo, prefixOfBuildInfo } from "../build-info/build-info.js";
import { buildInfoBytes } from "../build-info/build-info-member.js";
import { parseBuildInfo } from "../build-info/parse-build-info.js";
import { normalizeMemberName, parentOf } from "../tar/member-name.js";
import type { TarMember } from "../tar/tar-reader.js";

/** What is known of it; a part of a layer has only a part. */
export interface LayerProvenance {
  /** The builder's prefix; absolute. */
  readonly prefix?: string | undefined;
  /** Version of the Spack that built the package, from `.spack/install_environment.json`. */
  readonly spackVersion?: string | undefined;
  readonly buildInfo?: BuildInfo | undefined;
}

const METADATA = ".spack";
const BUILDER_FILE = "install_environment.json";

/** Bytes; no description of a host is longer. */
const MAX_BUILDER_FILE = 1024 * 1024;

/**
 * Collects provenance from members as they pass. The files in `.spack` are among the first, because a directory's files
 * come before its subdirectories, and those are sorted by name (Spack: `util/archive.py`,
 * `reproducible_tarfile_from_prefix`). `binary_distribution` is the last member.
 */
export class ProvenanceReader {
  #prefix: string | undefined;
  #spackVersion: string | undefined;
  #buildInfo: { readonly prefix: string; readonly info: BuildInfo } | undefined;
  #isPastMetadata = false;

  /** Whether only the last of the members that follow can add anything. */
  get isPastMetadata(): boolean {
    return this.#isPastMetadata;
  }

  get provenance(): LayerProvenance {
    const prefix = this.#buildInfo?.prefix ?? this.#prefix;
    return {
      prefix: prefix && `/${prefix}`,
      spackVersion: this.#spackVersion,
      buildInfo: this.#buildInfo?.info,
    };
  }

  /** @throws SpackOciError `ERR_LAYER_ESCAPES`, `ERR_TAR_TRUNCATED`, `ERR_BUILD_INFO_MALFORMED` */
  async see(member: TarMember): Promise<void> {
    const { type } = member.header;
    if (type === "other") return;
    const name = normalizeMemberName(member.header.name);
    const described = prefixOfBuildInfo(name);
    if (described !== undefined) return this.#seeBuildInfo(member, described);
    if (type === "directory") return;
    const directory = parentOf(name);
    if (this.#prefix === undefined) {
      if (!directory.endsWith(`/${METADATA}`)) return;
      this.#prefix = parentOf(directory);
    }
    const metadata = `${this.#prefix}/${METADATA}`;
    if (name === `${metadata}/${BUILDER_FILE}`) this.#spackVersion = await versionIn(member);
    // Names are sorted, so no file after this one is the one either.
    this.#isPastMetadata = directory !== metadata || name >= `${metadata}/${BUILDER_FILE}`;
  }

  /** The shortest name is that of the package itself (Spack: binary_distribution.py, `_ensure_common_prefix`). */
  async #seeBuildInfo(member: TarMember, prefix: string): Promise<void> {
    if (this.#buildInfo !== undefined && this.#buildInfo.prefix.length <= prefix.length) return;
    this.#buildInfo = { prefix, info: parseBuildInfo(decodeFileName(await buildInfoBytes(member))) };
  }
}

/** `spack_version`, if the file has it: its format differs between versions of Spack. */
async function versionIn(member: TarMember): Promise<string | undefined> {
  if (member.header.size > MAX_BUILDER_FILE) return undefined;
  const text = (await member.bytes()).toString("utf8");
  const found = /"spack_version"\s*:\s*"([^"\\]*)"/.exec(text);
  return found?.[1];
}
