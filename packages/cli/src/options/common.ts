// The options that every command has.

import { availableParallelism } from "node:os";
import { defaultJobs } from "@spack-oci/buildcache/limits";
import { flag, parsed, type ValuesOf, withDefault } from "../declaration/parameter.js";
import type { SPACK_OPTIONS } from "./spack.js";
import { wholeNumber } from "./whole-number.js";

const MAX_JOBS = 1024;

export const COMMON_OPTIONS = {
  json: flag("--json", "print the result as one JSON document on standard output"),
  jobs: withDefault(
    parsed("-j, --jobs <n>", "packages in flight at once", wholeNumber({ min: 1, max: MAX_JOBS })),
    defaultJobs(availableParallelism()),
  ),
};

/** The values of all options that are not a command's own. */
export type GlobalValues = ValuesOf<typeof COMMON_OPTIONS> & ValuesOf<typeof SPACK_OPTIONS>;
