// Where a package was built, as its layer tells: what is found near its beginning, and what only its last member says.

import { decodeFileName } from "@spack-oci/files";
import { type BuildInfo, prefixOfBuildInfo } from "../build-info/build-info.js";
import { buildInfoBytes } from "../build-info/build-info-member.js";
import { parseBuildInfo } from "../build-info/parse-build-info.js";
import { normalizeMemberName, parentOf } from "../tar/member-name.js";
import type { TarMember } from "../tar/tar-reader.js";

/** What was found of it; a part of a layer tells a part. */
export interface LayerProvenance {
  /** The builder's prefix; absolute. */
  readonly prefix?: string | undefined;
  /** The Spack that built the package, as `.spack/install_environment.json` has it. */
  readonly spackVersion?: string | undefined;
  readonly buildInfo?: BuildInfo | undefined;
}

const METADATA = ".spack";
const BUILDER = "install_environment.json";

/** Longer than any description of a host. */
const MAX_BUILDER = 1024 * 1024;

/**
 * Gathers an origin from members as they pass. Files of `.spack` come before nearly everything else, because a directory's
 * files come before its directories, and these in the order of their names (Spack: `util/archive.py`,
 * `reproducible_tarfile_from_prefix`); `binary_distribution` comes last.
 */
export class ProvenanceReader {
  #prefix: string | undefined;
  #spackVersion: string | undefined;
  #buildInfo: { readonly prefix: string; readonly info: BuildInfo } | undefined;
  #isPastMetadata = false;

  /** Whether no member that follows is likely to tell more, but for the last. */
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
    if (name === `${metadata}/${BUILDER}`) this.#spackVersion = await versionIn(member);
    // Names are in order, so that whatever follows this one is not it either.
    this.#isPastMetadata = directory !== metadata || name >= `${metadata}/${BUILDER}`;
  }

  /** The shortest name is the package's own (Spack: binary_distribution.py, `_ensure_common_prefix`). */
  async #seeBuildInfo(member: TarMember, prefix: string): Promise<void> {
    if (this.#buildInfo !== undefined && this.#buildInfo.prefix.length <= prefix.length) return;
    this.#buildInfo = { prefix, info: parseBuildInfo(decodeFileName(await buildInfoBytes(member))) };
  }
}

/** `spack_version`, where there is such a thing; Spacks of all kinds have written the file. */
async function versionIn(member: TarMember): Promise<string | undefined> {
  if (member.header.size > MAX_BUILDER) return undefined;
  const text = (await member.bytes()).toString("utf8");
  const found = /"spack_version"\s*:\s*"([^"\\]*)"/.exec(text);
  return found?.[1];
}
