// Finishes a prefix of which nothing is remembered: every file is opened, as a slow model of what was written in final
// form.

import { ArrivingPrefix } from "../../src/post-install/arriving-prefix.js";
import { finishArrived } from "../../src/post-install/finish-arrived.js";
import type { FinishOptions } from "../../src/post-install/finish-file.js";
import type { InstallTimes } from "../../src/post-install/install-times.js";
import { setPermissions } from "../../src/post-install/permissions.js";
import { walkTree } from "../../src/post-install/walk.js";
import { fingerprintPrefix } from "../../src/store/prefix-fingerprint.js";

const NO_TIMES: InstallTimes = { name: "p", hash: "a", totalSeconds: 0, phases: [] };

const NOTHING = { take: () => false, give: () => {} };

/** @returns the fingerprint */
export async function finishOnDisk(
  prefix: string,
  options: FinishOptions & { readonly finalPrefix: string },
): Promise<string> {
  const top = Buffer.from(prefix);
  await setPermissions(top, options.permissions);
  for await (const { path, type } of walkTree(top))
    if (type === "directory") await setPermissions(path, options.permissions);
  await finishArrived(prefix, new ArrivingPrefix({ ...options, remembered: NOTHING }), {
    ...options,
    nameOf: (path) => path,
    installTimes: NO_TIMES,
  });
  return fingerprintPrefix(prefix);
}
