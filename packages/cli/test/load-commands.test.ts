// Which commands a command line loads.

import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { loadCommands } from "../src/load-commands.js";

const names = async (...args: readonly string[]) => (await loadCommands(args)).map(({ name }) => name);

it.each([
  [["push", "pull"], ["push"]],
  [["-e", "push", "pull", "m"], ["pull"]],
  [["--spack-root=/opt", "-c", "a:b", "update-index", "--help"], ["update-index"]],
  [["mirror", "add", "--help"], ["mirror add"]],
  [["mirror"], ["mirror add", "mirror list", "mirror set", "mirror remove"]],
  [
    ["mirror", "lst"],
    ["mirror add", "mirror list", "mirror set", "mirror remove"],
  ],
  [["--version"], []],
  [["-V", "push"], []],
])("for %j it is %j", async (args, loaded) => {
  expect(await names(...args)).toEqual(loaded);
});

it.each([[[]], [["--help"]], [["lst"]], [["--unknown", "push"]], [["-e"]], [["toString"]]])(
  "for %j it is every file in commands/",
  async (args) => {
    const files = readdirSync(new URL("../src/commands", import.meta.url)).map((file) => file.slice(0, -3));
    const expected = files.filter((name) => name !== "copy-url-mirror");
    const loaded = (await names(...args)).map((name) => name.replace(" ", "-"));
    expect(loaded.sort()).toEqual(expected.sort());
  },
);

it("lists every command under its own name", async () => {
  for (const name of await names()) expect(await names(...name.split(" "))).toEqual([name]);
});
