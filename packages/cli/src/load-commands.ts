// The list of commands, each loaded only if a run needs it: every file that is not read shortens start-up.

import type { AnyCommand } from "./declaration/command.js";
import { commandPosition } from "./words/command-position.js";

type LoadCommand = () => Promise<AnyCommand>;

/** In the order in which help lists them. */
const COMMANDS: Readonly<Record<string, LoadCommand>> = {
  push: async () => (await import("./commands/push.js")).pushCommand,
  pull: async () => (await import("./commands/pull.js")).pullCommand,
  install: async () => (await import("./commands/install.js")).installCommand,
  copy: async () => (await import("./commands/copy.js")).copyCommand,
  image: async () => (await import("./commands/image.js")).imageCommand,
  list: async () => (await import("./commands/list.js")).listCommand,
  show: async () => (await import("./commands/show.js")).showCommand,
  site: async () => (await import("./commands/site.js")).siteCommand,
  find: async () => (await import("./commands/find.js")).findCommand,
  env: async () => (await import("./commands/env.js")).envCommand,
  run: async () => (await import("./commands/run.js")).runCommand,
  view: async () => (await import("./commands/view.js")).viewCommand,
  uninstall: async () => (await import("./commands/uninstall.js")).uninstallCommand,
  gc: async () => (await import("./commands/gc.js")).gcCommand,
  "update-index": async () => (await import("./commands/update-index.js")).updateIndexCommand,
  check: async () => (await import("./commands/check.js")).checkCommand,
  sbom: async () => (await import("./commands/sbom.js")).sbomCommand,
  sign: async () => (await import("./commands/sign.js")).signCommand,
  audit: async () => (await import("./commands/audit.js")).auditCommand,
  repair: async () => (await import("./commands/repair.js")).repairCommand,
  diff: async () => (await import("./commands/diff.js")).diffCommand,
  prune: async () => (await import("./commands/prune.js")).pruneCommand,
  cache: async () => (await import("./commands/cache.js")).cacheCommand,
  reindex: async () => (await import("./commands/reindex.js")).reindexCommand,
  "mirror add": async () => (await import("./commands/mirror-add.js")).mirrorAddCommand,
  "mirror list": async () => (await import("./commands/mirror-list.js")).mirrorListCommand,
  "mirror set": async () => (await import("./commands/mirror-set.js")).mirrorSetCommand,
  "mirror remove": async () => (await import("./commands/mirror-remove.js")).mirrorRemoveCommand,
  "buildcache list": async () => (await import("./commands/buildcache-list.js")).buildcacheListCommand,
  config: async () => (await import("./commands/config.js")).configCommand,
  login: async () => (await import("./commands/login.js")).loginCommand,
  logout: async () => (await import("./commands/logout.js")).logoutCommand,
  completion: async () => (await import("./commands/completion.js")).completionCommand,
};

/**
 * The command that the arguments name. All commands if they name none: help lists them, and an error suggests one with
 * a similar name.
 */
export async function loadCommands(args: readonly string[]): Promise<readonly AnyCommand[]> {
  const loaders = neededNames(args).flatMap((name) => COMMANDS[name] ?? []);
  return Promise.all(loaders.map((load) => load()));
}

function neededNames(args: readonly string[]): readonly string[] {
  const all = Object.keys(COMMANDS);
  const position = commandPosition(args);
  if (typeof position !== "number") return position === "version" ? [] : all;
  const [name, member] = args.slice(position);
  const named = [name, `${name} ${member}`].filter((each) => each !== undefined && all.includes(each));
  const group = all.filter((each) => each.startsWith(`${name} `));
  return [named, group, all].find((names) => names.length > 0) as readonly string[];
}
