// The machine on which the oracles were made, and what its Spack could look up in package repositories.
import type { ParseOptions } from "../../../src/spec-language/parser/parse-options.js";

export const parseOptions: ParseOptions = {
  host: { platform: "linux", os: "debian12", target: "cascadelake" },
  gitVersion: (name) => (name === "data-lite" ? "1.0" : undefined),
};
