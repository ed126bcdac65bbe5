// How long the command takes to start.

import { fixture } from "../../support/fixtures.js";
import { scratchDirectory } from "../../support/scratch.js";
import { spackOci } from "../support/surroundings.js";
import type { BenchmarkCase } from "./benchmark-case.js";

/** Clocks are too coarse for one start. */
const REPEATS = 10;

export const NODE = "`node -e 0`";
export const VERSION = "`spack-oci --version`";
export const LIST = "`spack-oci list`";

export const start: BenchmarkCase = {
  name: "start",
  title: () => "Start",
  about: `Means of ${REPEATS} starts in a row. The list shows 20 packages of an image layout whose index is cached.`,
  rivals: async () => {
    const environment = { SPACK_OCI_CACHE: scratchDirectory("cache") };
    const repeatedly = (name: string, command: string) => ({
      name,
      prepare: () => ({
        script: `set -e; for i in {1..${REPEATS}}; do ${command}; done`,
        environment,
        repeats: REPEATS,
      }),
    });
    return [
      repeatedly(VERSION, `${spackOci} --version`),
      repeatedly(LIST, `${spackOci} list oci-layout:${fixture("oci-layout-main")}`),
      repeatedly(NODE, `${process.execPath} -e 0`),
    ];
  },
};
