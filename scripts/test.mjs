// npm test: sets everything up, then runs every check and every test. Arguments are passed to vitest.

import { build, buildNative, install, runTool } from "./workspace.mjs";

install();
buildNative();
build();
// Imported late, because it needs the dependencies.
const { writeSiteAssets } = await import("./site-assets.mjs");
await writeSiteAssets();
runTool("biome", ["check", "--error-on-warnings", "."]);
runTool("depcruise", ["packages", "tests", "--config", ".dependency-cruiser.mjs"]);
runTool("knip");
runTool("cspell", ["--no-progress"]);
runTool("textlint", ["README.md", "docs", "packages/*/README.md"]);
runTool("vitest", ["run", ...process.argv.slice(2)]);
