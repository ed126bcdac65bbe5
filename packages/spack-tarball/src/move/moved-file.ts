// Relocates a copy of a file, so that the file itself does not change.

import { constants } from "node:fs";
import { copyFile } from "node:fs/promises";
import { chmod, fileSystemPath, openFile } from "@spack-oci/files";
import type { ContentClass } from "../classify/content-classifier.js";
import { relocateBinary } from "../relocate/relocate-binary.js";
import { relocateText } from "../relocate/relocate-text.js";
import type { Relocation } from "../relocate/relocation.js";
import { problemOf, type RelocationProblem } from "../relocate/relocation-error.js";

/**
 * Does what Spack does with a file after an install.
 *
 * @returns whether it replaced the file by another one instead of changing it in place
 */
export type FinishFile = (path: string) => Promise<boolean>;

/** How one file is relocated. */
export interface FileMove {
  /** Below the package's prefix. */
  readonly path: string;
  readonly executable: boolean;
  readonly contentClass: Exclude<ContentClass, "none">;
}

export interface FileMoveOutcome {
  readonly problems: readonly RelocationProblem[];
  /** Whether its other names become separate files. */
  readonly isSplit: boolean;
}

/** What the files of a package have in common when they are relocated. */
export interface FileMover {
  /** Where the package is. */
  readonly directory: string;
  /** Path of a file that is created or overwritten. */
  readonly copy: string;
  readonly relocation: Relocation;
  /** Called for relocated scripts. */
  readonly finish: FinishFile;
}

/** Path of the copy, of which there is one at a time. */
export function copyIn(scratch: string): string {
  return `${scratch}/relocated`;
}

export async function moveFile(
  { directory, copy, relocation, finish }: FileMover,
  { path, executable, contentClass }: FileMove,
): Promise<FileMoveOutcome> {
  await copyFile(fileSystemPath(`${directory}/${path}`), copy, constants.COPYFILE_FICLONE);
  await chmod(copy, executable ? 0o700 : 0o600);
  const file = await openFile(copy, "r+");
  try {
    if (contentClass !== "text") {
      const blocked = await relocateBinary(
        { file, path: copy },
        { ...relocation, name: path, known: contentClass },
      );
      return { problems: blocked.map((each) => problemOf(path, each)), isSplit: false };
    }
    await relocateText({ file, path: copy }, relocation.map);
  } finally {
    await file.close();
  }
  return { problems: [], isSplit: executable && (await finish(copy)) };
}
