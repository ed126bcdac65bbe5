// npm run bundle -- [DIRECTORY] [--platform PLATFORM]...: bundles the command, by default into ./bundle, with the
// native code for this machine and, downloaded from npm's registry, for other platforms: linux-arm64 and so on, or all
// of them with "all".

import { parseArgs } from "node:util";
import { bundleCommand } from "./bundle-command.mjs";
import { PLATFORMS } from "./lock-packages.mjs";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { platform: { type: "string", multiple: true, default: [] } },
});
const platforms = values.platform.includes("all") ? PLATFORMS : values.platform;
const unknown = platforms.filter((platform) => !PLATFORMS.includes(platform));
if (unknown.length > 0)
  throw new Error(`Unknown platforms: ${unknown.join(", ")}. Known are: ${PLATFORMS.join(", ")}.`);
await bundleCommand(positionals[0], { platforms });
