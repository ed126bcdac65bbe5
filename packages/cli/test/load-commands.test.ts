// Which commands a command line loads.

import { expect, it } from "vitest";
import { loadCommands } from "../src/load-commands.js";

const names = async (...args: readonly string[]) => (await loadCommands(args)).map(({ name }) => name);

it.each([
  [["push", "pull"], ["push"]],
  [["-e", "push", "pull", "m"], ["pull"]],
  [["--spack-root=/opt", "-c", "a:b", "update-index", "--help"], ["update-index"]],
  [["--version"], []],
  [["-V", "push"], []],
])("for %j it is %j", async (args, loaded) => {
  expect(await names(...args)).toEqual(loaded);
});

it.each([[[]], [["--help"]], [["lst"]], [["--unknown", "push"]], [["-e"]], [["toString"]]])(
  "for %j it is all of them, in the order of help",
  async (args) => {
    expect(await names(...args)).toEqual([
      ...["push", "pull", "copy", "image", "list", "update-index", "check", "audit", "repair", "diff"],
      ...["prune", "cache", "reindex", "config", "login", "logout"],
    ]);
  },
);

it("lists every command under its own name", async () => {
  for (const name of await names()) expect(await names(name)).toEqual([name]);
});
