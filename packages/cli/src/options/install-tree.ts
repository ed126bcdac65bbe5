// The options that shape an install tree whose root another option names.

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
    "pad that root to this many characters",
    wholeNumber({ min: 0, max: MAX_PADDED_LENGTH, of: "characters" }),
  ),
  projections: assignments(
    "--projection <spec=format>",
    "where packages go below that root; may be repeated",
    readProjection,
  ),
};

/** @param summary what the root is for */
export function relocationOptions(summary: string) {
  return { relocateTo: text("--relocate-to <root>", summary), ...INSTALL_TREE_OPTIONS };
}

/**
 * The install tree that the options describe; undefined without any.
 *
 * @throws SpackOciError `ERR_ROOT_MISSING`
 */
export function relocationOf({
  relocateTo,
  paddedLength,
  projections,
}: ValuesOf<ReturnType<typeof relocationOptions>>): InstallTreeRequest | undefined {
  if (relocateTo !== undefined) return { root: relocateTo, paddedLength, projections };
  if (paddedLength === undefined && projections === undefined) return undefined;
  throw new SpackOciError(
    "ERR_ROOT_MISSING",
    "Padding and projections are for packages that are relocated.",
    {
      kind: "usage",
      hint: `Name the root that they are relocated to with "--relocate-to ROOT".`,
    },
  );
}

function readProjection(value: string): readonly [string, string] {
  const [, key, format] = /^([^=]+)=(.+)$/.exec(value) ?? [];
  if (key === undefined || format === undefined)
    throw new InvalidArgumentError(`It must be like "all={name}-{version}-{hash}".`);
  return [key, format];
}
