// Options that describe an install tree.

import type { InstallTreeRequest } from "@spack-oci/buildcache";
import { SpackOciError } from "@spack-oci/errors";
import { InvalidArgumentError } from "commander";
import { assignments, parsed, text, type ValuesOf } from "../declaration/parameter.js";
import { wholeNumber } from "./whole-number.js";

/** Linux's PATH_MAX. */
const MAX_PADDED_LENGTH = 4096;

export const INSTALL_TREE_OPTIONS = {
  paddedLength: parsed(
    "--padded-length <n>",
    "pad the root to this many characters",
    wholeNumber({ min: 0, max: MAX_PADDED_LENGTH, of: "characters" }),
  ),
  projections: assignments(
    "--projection <spec=format>",
    "layout of matching packages below the root; repeatable",
    readProjection,
  ),
};

/** @param use as in "install tree to push from" */
export function storeOption(use: string) {
  return text(
    "--store <dir>",
    `install tree to ${use}: the directory with .spack-db, or its unpadded root; default: Spack's own`,
  );
}

/** @param use as in "install tree to search" */
export function installRootOption(use: string) {
  return text("--root <dir>", `install tree to ${use}, as given to pull --root; default: Spack's own`);
}

/** @param summary help for the root */
export function relocationOptions(summary: string) {
  return { relocateTo: text("--relocate-to <root>", summary), ...INSTALL_TREE_OPTIONS };
}

/**
 * The install tree that the options describe; undefined if there are none.
 *
 * @throws SpackOciError `ERR_ROOT_MISSING` (`usage`) for padding or projections without a root
 */
export function relocationOf({
  relocateTo,
  paddedLength,
  projections,
}: ValuesOf<ReturnType<typeof relocationOptions>>): InstallTreeRequest | undefined {
  if (relocateTo !== undefined) return { root: relocateTo, paddedLength, projections };
  if (paddedLength === undefined && projections === undefined) return undefined;
  throw new SpackOciError("ERR_ROOT_MISSING", "--padded-length and --projection require --relocate-to.", {
    kind: "usage",
    hint: "Add --relocate-to ROOT.",
  });
}

function readProjection(value: string): readonly [string, string] {
  const [, key, format] = /^([^=]+)=(.+)$/.exec(value) ?? [];
  if (key === undefined || format === undefined)
    throw new InvalidArgumentError("Expected SPEC=FORMAT, such as all={name}-{version}-{hash}.");
  return [key, format];
}
