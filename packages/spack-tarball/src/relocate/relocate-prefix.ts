// Relocates the files of an unpacked package that its build info lists (Spack: binary_distribution.py,
// `relocate_package`).

import { fileSystemPath, lstat } from "@spack-oci/files";
import type { BuildInfo } from "../build-info/build-info.js";
import { ListedFiles, type OpenedFile } from "./listed-file.js";
import { relocateBinary } from "./relocate-binary.js";
import { relocateLink } from "./relocate-link.js";
import { relocateText } from "./relocate-text.js";
import type { Relocation } from "./relocation.js";
import { problemOf, RelocationError, type RelocationProblem } from "./relocation-error.js";

/**
 * Changes files in place, so that hard links stay links. If a string does not fit, the others are still tried, so that
 * one error lists them all; the tree must then be dropped.
 *
 * @param directory where the package is, which need not be its final place
 * @throws RelocationError, and SpackOciError `ERR_LIST_ESCAPES` or `ERR_LISTED_FILE` for lists that are wrong
 */
export async function relocatePrefix(
  directory: string,
  info: BuildInfo,
  relocation: Relocation,
): Promise<void> {
  const { map } = relocation;
  if (map.size === 0) return;
  const files = new ListedFiles(directory);
  const problems: RelocationProblem[] = [];
  const lists = { files, seen: info.hardlinksDeduped ? undefined : new Set<string>() };

  for (const listed of info.relocateBinaries) {
    await withFile(lists, listed, async (opened) => {
      for (const blocked of await relocateBinary(opened, { ...relocation, name: listed }))
        problems.push(problemOf(listed, blocked));
    });
  }
  for (const listed of info.relocateLinks) {
    const target = await files.readLink(listed);
    await relocateLink(await files.resolve(listed), target, map);
  }
  for (const listed of info.relocateTextFiles) {
    await withFile(lists, listed, (opened) => relocateText(opened, map));
  }
  if (problems.length > 0) throw new RelocationError(problems);
}

/** Opens each inode once, even if an old layer lists several of its names (Spack: `dedupe_hardlinks_if_necessary`). */
async function withFile(
  { files, seen }: { readonly files: ListedFiles; readonly seen: Set<string> | undefined },
  listed: string,
  relocate: (opened: OpenedFile) => Promise<void>,
): Promise<void> {
  const opened = await files.open(listed);
  const { file, path } = opened;
  try {
    if (seen !== undefined) {
      const { dev, ino, nlink } = await lstat(fileSystemPath(path), { bigint: true });
      const identity = `${dev}:${ino}`;
      if (nlink > 1n && seen.has(identity)) return;
      seen.add(identity);
    }
    await relocate(opened);
  } finally {
    await file.close();
  }
}
