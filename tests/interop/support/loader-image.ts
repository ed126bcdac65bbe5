// A base image with this machine's dynamic loader and C library, the minimum that the sample program needs.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { scratchDirectory } from "../../support/scratch.js";
import { copySystemLibraries } from "./sample-program.js";
import { output } from "./tool.js";

/** Makes the image `latest` of a layout with umoci, with its own variable, label and working directory. */
export async function makeLoaderImage(layout: string): Promise<void> {
  const bundle = join(scratchDirectory("loader-image"), "bundle");
  const rootless = process.getuid?.() === 0 ? [] : ["--rootless"];
  await output("umoci", "init", "--layout", layout);
  await output("umoci", "new", "--image", `${layout}:latest`);
  await output("umoci", "unpack", ...rootless, "--image", `${layout}:latest`, bundle);
  await copySystemLibraries(join(bundle, "rootfs"));
  mkdirSync(join(bundle, "rootfs", "srv"));
  await output("umoci", "repack", "--image", `${layout}:latest`, bundle);
  const settings = [
    "--config.env",
    "BASE_HOME=/srv",
    "--config.workingdir",
    "/srv",
    "--config.label",
    "of=base",
  ];
  await output("umoci", "config", "--image", `${layout}:latest`, ...settings);
}
