// Bundles what the package spack-oci consists of: the command, the library beside it, and the types of the library.
// The native code of the locks comes from a dependency of the package. Run by `pnpm pack` and `pnpm publish`.

import { rmSync } from "node:fs";
import { join } from "node:path";
import { build as bundle } from "rolldown";
import { dts } from "rolldown-plugin-dts";
import { bundleCommand } from "./bundle-command.mjs";
import { build, root } from "./workspace.mjs";

const cli = join(root, "packages", "cli");
const directory = join(cli, "bundle");

rmSync(directory, { recursive: true, force: true });
await bundleCommand(directory, {
  hasNativeCode: false,
  entries: { index: join(cli, "src", "index.ts") },
});
build(cli);
await bundle({
  input: join(cli, "dist", "index.d.ts"),
  platform: "node",
  external: [/^node:/],
  plugins: [dts({ dtsOnly: true, sourcemap: false })],
  output: { dir: directory, entryFileNames: "index.d.cts", format: "es" },
});
