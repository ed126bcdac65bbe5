// Options that every command or many commands have.

import { availableParallelism } from "node:os";
import { defaultJobs } from "@spack-oci/buildcache/limits";
import { flag, parsed, withDefault } from "../declaration/parameter.js";
import { wholeNumber } from "./whole-number.js";

const MAX_JOBS = 1024;

/** Options of every command. */
export const COMMON_OPTIONS = {
  json: flag("--json", "print the result to standard output as one JSON document"),
  jsonLines: flag(
    "--json-lines",
    "print events while they occur, then the result, one JSON document per line",
  ),
  jobs: withDefault(
    parsed(
      "-j, --jobs <n>",
      "number of packages to process in parallel",
      wholeNumber({ min: 1, max: MAX_JOBS }),
    ),
    defaultJobs(availableParallelism()),
  ),
};

/** @param what as in "show what would be pushed" */
export function dryRunOption(what: string) {
  return flag("--dry-run", `show ${what}, then exit`);
}
