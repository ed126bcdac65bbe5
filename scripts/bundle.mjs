// npm run bundle [DIRECTORY]: writes the command as one file, into ./bundle where nothing else is said.

import { parseArgs } from "node:util";
import { bundleCommand } from "./bundle-command.mjs";

const { positionals } = parseArgs({ allowPositionals: true });
await bundleCommand(positionals[0]);
