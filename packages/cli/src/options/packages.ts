// Which packages of those that specs match a command takes.

import { choice, flag } from "../declaration/parameter.js";

/** @param verb as in "push only the packages" */
export function onlyOption(verb: string) {
  return choice("--only <what>", `${verb} only the packages, or only what they need`, [
    "package",
    "dependencies",
  ]);
}

export const WITHOUT_BUILD_OPTION = flag("--without-build-dependencies", "leave build dependencies out");
