// Options that choose what a run shows besides its result.

import { choice, flag } from "../declaration/parameter.js";

export const TERMINAL_OPTIONS = {
  quiet: flag("-q, --quiet", "show no progress, only results, warnings and errors"),
  verbose: flag("-v, --verbose", "also show each step of each package"),
  color: choice("--color <when>", "when to use colors; default: auto, on a terminal", [
    "auto",
    "always",
    "never",
  ]),
};
