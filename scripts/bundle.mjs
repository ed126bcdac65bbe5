// npm run bundle [DIRECTORY]: bundles the command into a directory, ./bundle by default.

import { parseArgs } from "node:util";
import { bundleCommand } from "./bundle-command.mjs";

const { positionals } = parseArgs({ allowPositionals: true });
await bundleCommand(positionals[0]);
