// npm run pack -- [DIRECTORY]: packs what is published to npm's registry, by default into dist/npm.

import { mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { build, root, runPnpm } from "./workspace.mjs";

const [, , directory = join(root, "dist", "npm")] = process.argv;
rmSync(directory, { recursive: true, force: true });
mkdirSync(directory, { recursive: true });
build(join(root, "packages", "cli"));
runPnpm(["--recursive", "--filter", "./packages/*", "pack", "--pack-destination", resolve(directory)]);
