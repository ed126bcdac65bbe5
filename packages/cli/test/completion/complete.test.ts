// What can follow on a command line.

import { expect, it } from "vitest";
import { complete, type KnownNames } from "../../src/completion/complete.js";
import { loadCommands } from "../../src/load-commands.js";
import { createProgram } from "../../src/program.js";

const candidate = (text: string) => ({ text, summary: "" });

const known: KnownNames = {
  mirrors: () => [candidate("mochi"), candidate("other")],
  packages: (mirror, current) => [candidate(`${current.slice(0, 1)}-of-${mirror ?? "all"}`)],
};

/** The candidates after a line; what follows its last space is being typed. */
async function after(line: string) {
  const words = line.split(" ");
  const current = words.pop() ?? "";
  const program = createProgram("", await loadCommands(words), async () => {});
  const { candidates, paths } = complete(program, { words, current }, known);
  return { texts: candidates.map(({ text }) => text), paths };
}

it.each([
  ["pu", ["push", "pull"]],
  ["-e tests up", ["update-index"]],
  ["--color ", ["auto", "always", "never"]],
  ["mirror ", ["add", "list", "set", "remove"]],
  ["mirror remove m", ["mochi"]],
  ["list ", ["mochi", "other"]],
  ["list mochi z", ["z-of-mochi"]],
  ["list mochi zlib z", ["z-of-mochi"]],
  ["list -l mochi z", ["z-of-mochi"]],
  ["list --format x mochi z", ["z-of-mochi"]],
  ["copy mochi o", ["other"]],
  ["find z", ["z-of-all"]],
  ["push mochi --exclude z", ["z-of-mochi"]],
  ["push mochi --exclude-mirror o", ["other"]],
  ["push --only=pack", ["--only=package"]],
  ["push --only pack", ["package"]],
  ["show mochi zlib ", []],
  ["list -- mochi z", ["z-of-mochi"]],
  ["completion z", ["zsh"]],
  ["login ", []],
])("%s", async (line, texts) => {
  expect(await after(line)).toEqual({ texts, paths: undefined });
});

it.each([
  ["push --store ", "directories"],
  ["push --digests-file ", "files"],
  ["-e ", "files"],
])("%s is followed by paths", async (line, paths) => {
  expect(await after(line)).toMatchObject({ texts: [], paths });
});

it("offers the command's own flags and the global ones, but none that are hidden", async () => {
  const { texts } = await after("push --");
  expect(texts).toEqual(
    expect.arrayContaining(["--update-index", "--dry-run", "--json", "--quiet", "--spack-root", "--help"]),
  );
  expect(texts).not.toContain("--rebuild-index");
});
