// The command line as a whole: its commands, the options that come before them, and its help.

import { Command } from "commander";
import { addAudit } from "./grammar/audit.js";
import { addCache } from "./grammar/cache.js";
import { addCheck } from "./grammar/check.js";
import type { RunCommand } from "./grammar/common.js";
import { addConfig } from "./grammar/config.js";
import { addCopy } from "./grammar/copy.js";
import { addDiff } from "./grammar/diff.js";
import { refuseEmptyWords } from "./grammar/empty-words.js";
import { addImage } from "./grammar/image.js";
import { addList } from "./grammar/list.js";
import { addLogin } from "./grammar/login.js";
import { addPrune } from "./grammar/prune.js";
import { addPull } from "./grammar/pull.js";
import { addPush } from "./grammar/push.js";
import { addReindex } from "./grammar/reindex.js";
import { addRepair } from "./grammar/repair.js";
import { addUpdateIndex } from "./grammar/update-index.js";
import { addSpackOptions } from "./spack-options.js";

const EXIT_STATUS = `
Exit status: 0 done, 1 failed, 2 wrong usage, 3 not in the buildcache, 4 denied, 5 corrupt,
6 registry unreachable or rate limited, 7 different (diff), 130 interrupted.`;

/** In the order in which help lists them. */
const commands = [
  addPush,
  addPull,
  addCopy,
  addImage,
  addList,
  addUpdateIndex,
  addCheck,
  addAudit,
  addRepair,
  addDiff,
  addPrune,
  addCache,
  addReindex,
  addConfig,
  addLogin,
];

/** @param run called once with the command that the arguments name */
export function createProgram(version: string, run: RunCommand): Command {
  const program = new Command("spack-oci")
    .description("Moves Spack's binaries in and out of OCI registries.")
    .version(version)
    .showHelpAfterError("(spack-oci --help tells what there is)")
    .helpCommand(false)
    // As in Spack, whose commands have options of the same names.
    .enablePositionalOptions()
    .addHelpText("after", EXIT_STATUS);
  program.hook("preAction", (_program, action) => refuseEmptyWords(action));
  addSpackOptions(program);
  for (const add of commands) add(program, run);
  return program;
}
