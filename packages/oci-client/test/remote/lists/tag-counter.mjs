// Counts the tags of a repository in a process of its own, whose heap is too small for all of them:
// node --max-old-space-size=N tag-counter.mjs LOCATION. Runs the built package, as a user's process would.

import { openTarget } from "../../../dist/index.js";

let count = 0;
for await (const tag of openTarget(process.argv[2]).tags()) if (tag !== "") count += 1;
process.stdout.write(`${count}\n`);
