// Options that every command or many commands have.

import { availableParallelism } from "node:os";
import { defaultJobs } from "@spack-oci/buildcache/limits";
import { flag, parsed, type ValuesOf, withDefault } from "../declaration/parameter.js";
import type { SPACK_OPTIONS } from "./spack.js";
import { wholeNumber } from "./whole-number.js";

const MAX_JOBS = 1024;

/** Options of every command. */
export const COMMON_OPTIONS = {
  json: flag("--json", "print the result to standard output as one JSON document"),
  jobs: withDefault(
    parsed(
      "-j, --jobs <n>",
      "number of packages to process in parallel",
      wholeNumber({ min: 1, max: MAX_JOBS }),
    ),
    defaultJobs(availableParallelism()),
  ),
};

/** The values of all options that are not a command's own. */
export type GlobalValues = ValuesOf<typeof COMMON_OPTIONS> & ValuesOf<typeof SPACK_OPTIONS>;

/** @param what as in "show what would be pushed" */
export function dryRunOption(what: string) {
  return flag("--dry-run", `show ${what}, then exit`);
}
