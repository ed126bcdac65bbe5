// The archive of a package except for the content of its files, for packing in one go and chunk by chunk.

import { SpackOciError } from "@spack-oci/errors";
import { encodeFileName } from "@spack-oci/files";
import { BUILD_INFO_PATH, type BuildInfo } from "../build-info/build-info.js";
import { formatBuildInfo } from "../build-info/format-build-info.js";
import type { ContentClass } from "../classify/content-classifier.js";
import type { PrefixList } from "../prefixes/prefix-list.js";
import { paddingAfter } from "../tar/tar-entry.js";
import { formatDirectoryHeader, formatTarHeader, parentNames } from "../tar/write-header.js";
import { knownPrefixes } from "./known-prefixes.js";
import type { PrefixEntry } from "./prefix-entry.js";

/** The part of the build info that is known before packing; the lists of files are collected while packing. */
export type PackedInfo = Omit<
  BuildInfo,
  "hardlinksDeduped" | "relocateBinaries" | "relocateLinks" | "relocateTextFiles"
> & {
  /** Absolute path of the prefix to pack; member names begin with it. */
  readonly prefix: string;
};

/** Formats the headers of members, and collects what has to be relocated in them. */
export class PackageArchive {
  /** What files are searched for. */
  readonly prefixes: PrefixList;
  readonly #info: PackedInfo;
  readonly #memberName: string;
  readonly #binaries: string[] = [];
  readonly #links: string[] = [];
  readonly #textFiles: string[] = [];

  constructor(info: PackedInfo) {
    this.#info = info;
    this.#memberName = info.prefix.replace(/^\/+/, "");
    this.prefixes = knownPrefixes(info);
  }

  /** The directories above the prefix. */
  parents(): Buffer[] {
    return parentNames(this.#memberName).map(formatDirectoryHeader);
  }

  /** The header of the next member. */
  header(entry: PrefixEntry): Buffer {
    const name = this.#nameOf(entry.path);
    switch (entry.type) {
      case "directory":
        return formatDirectoryHeader(name);
      case "symlink":
        this.#classifyLink(entry.path, entry.target);
        return formatTarHeader({ name, type: "symlink", mode: 0o755, size: 0, linkName: entry.target });
      case "hardlink": {
        const linkName = this.#nameOf(entry.target);
        return formatTarHeader({
          name,
          type: "hardlink",
          mode: fileMode(entry.executable),
          size: 0,
          linkName,
        });
      }
      case "file":
        return fileHeader(name, entry.size, entry.executable);
    }
  }

  /** Records how a file has to be relocated. */
  addClass(path: string, found: ContentClass): void {
    if (found === "text") this.#textFiles.push(path);
    else if (found !== "none") this.#binaries.push(path);
  }

  /** The last member, `binary_distribution`. */
  buildInfo(): Buffer[] {
    const info = formatBuildInfo({
      ...this.#info,
      hardlinksDeduped: true,
      relocateBinaries: this.#binaries,
      relocateLinks: this.#links,
      relocateTextFiles: this.#textFiles,
    });
    const header = fileHeader(this.#nameOf(BUILD_INFO_PATH), info.length, false);
    return [header, info, Buffer.alloc(paddingAfter(info.length))];
  }

  #classifyLink(path: string, target: string): void {
    if (target.startsWith("/") && this.prefixes.matchAt(encodeFileName(target), 0) !== undefined)
      this.#links.push(path);
  }

  #nameOf(path: string): string {
    return path === "" ? this.#memberName : `${this.#memberName}/${path}`;
  }
}

/** The error for a file that is not what the archive already says about it. */
export function fileChanged(place: string): SpackOciError {
  return new SpackOciError("ERR_FILE_CHANGED", `${place} changed while it was being packed.`, {
    kind: "conflict",
    place,
    hint: "Push again when nothing is writing to the store.",
  });
}

function fileHeader(name: string, size: number, executable: boolean): Buffer {
  return formatTarHeader({ name, type: "file", mode: fileMode(executable), size, linkName: "" });
}

/** Like git, Spack only records whether a file is executable. */
function fileMode(executable: boolean): number {
  return executable ? 0o755 : 0o644;
}
