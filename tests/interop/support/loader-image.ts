// A base image with a dynamic loader and a C library, from this machine: the least that the sample program runs on.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { scratchDirectory } from "../../support/scratch.js";
import { copySystemLibraries } from "./sample-program.js";
import { output } from "./tool.js";

/** Has umoci make the image `latest` of a layout; it has a variable, a label and a working directory of its own. */
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
