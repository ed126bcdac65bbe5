// The machine on which the oracles were created, and what its Spack found in package repositories.

import { normalize } from "node:path";
import { SpackOciError } from "@spack-oci/errors";
import type { ParseOptions } from "../../src/parse/parse-options.js";

export const parseOptions: ParseOptions = {
  host: { platform: "linux", os: "debian12", target: "cascadelake" },
  gitVersion: (name) => (name === "data-lite" ? "1.0" : undefined),
  readSpecFile: (path) => {
    throw new SpackOciError("ERR_SPEC_FILE", `No such spec file: '${normalize(path)}'`, {
      kind: "not-found",
    });
  },
};
