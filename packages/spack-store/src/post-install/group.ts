// Looks up user groups.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { SpackOciError } from "@spack-oci/errors";

const run = promisify(execFile);

/**
 * The id of the group `name`, from `getent`, which includes groups of directory services.
 *
 * @throws SpackOciError `ERR_GROUP_UNKNOWN` (usage)
 */
export async function groupId(name: string): Promise<number> {
  try {
    const { stdout } = await run("getent", ["group", name]);
    const id = Number.parseInt(stdout.split(":")[2] ?? "", 10);
    if (Number.isInteger(id)) return id;
    throw new Error(`unexpected output of getent: ${JSON.stringify(stdout)}`);
  } catch (error) {
    throw new SpackOciError("ERR_GROUP_UNKNOWN", `There is no user group ${name}.`, {
      kind: "usage",
      hint: "Fix permissions:group in packages.yaml.",
      cause: error,
    });
  }
}
