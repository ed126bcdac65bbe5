// Reads the text of a key that the user names: in a file, or in an environment variable as jobs of CI have it.

import { reasonOf } from "@spack-oci/errors";
import { badKey } from "../errors.js";
import { MAX_KEY_SIZE } from "../limits.js";
import { readSmallFile } from "./read-small-file.js";

/**
 * @param name a file, or `env://VARIABLE` as cosign writes it
 * @throws SpackOciError `ERR_KEY` of kind `usage` if there is no such file or variable
 */
export function readKeyText(name: string, environment: NodeJS.ProcessEnv): string {
  const variable = /^env:\/\/(.*)$/.exec(name)?.[1];
  if (variable !== undefined) {
    const text = environment[variable];
    if (!text) throw badKey(name, "there is no such environment variable, or it is empty");
    if (text.length > MAX_KEY_SIZE) throw badKey(name, `it has more than ${MAX_KEY_SIZE} bytes`);
    return text;
  }
  try {
    return readSmallFile(name, MAX_KEY_SIZE).text;
  } catch (cause) {
    throw badKey(name, reasonOf(cause), cause);
  }
}
