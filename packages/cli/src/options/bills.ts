// Options and values for bills of materials.

import type { Tool } from "@spack-oci/buildcache";
import { BILL_FORMATS } from "@spack-oci/buildcache/limits";
import { repeatedChoice } from "../declaration/parameter.js";
import { packageVersion } from "../version.js";

export const BILL_FORMAT_OPTION = repeatedChoice(
  "--format <format>",
  "format of the documents; repeatable; default: both with --attach or --output, otherwise spdx",
  BILL_FORMATS,
);

/** The program that documents name as their author. */
export function thisTool(): Tool {
  return { name: "spack-oci", version: packageVersion() };
}
