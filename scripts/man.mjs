// npm run man -- [DIRECTORY]: writes the manual pages, by default to dist/man. SOURCE_DATE_EPOCH fixes their date.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadCommands } from "../packages/cli/dist/load-commands.js";
import { manPages } from "../packages/cli/dist/manual/man-pages.js";
import { createProgram } from "../packages/cli/dist/program.js";
import { packageVersion } from "../packages/cli/dist/version.js";
import { root } from "./workspace.mjs";

const directory = process.argv[2] ?? join(root, "dist", "man");
const commands = await loadCommands([]);
const program = createProgram(packageVersion(), commands, async () => {});
const epoch = process.env.SOURCE_DATE_EPOCH;
const date = epoch ? new Date(Number(epoch) * 1000) : new Date();
mkdirSync(directory, { recursive: true });
const pages = manPages({ program, commands, date });
for (const { file, text } of pages) writeFileSync(join(directory, file), text);
console.log(`Wrote ${pages.length} manual pages to ${directory}.`);
