// Every command has examples that its own parser accepts.

import { expect, it } from "vitest";
import { loadCommands } from "../src/load-commands.js";
import type { GlobalValues } from "../src/options/global.js";
import { createProgram } from "../src/program.js";

const commands = await loadCommands([]);

/** The words of a line as a shell splits them, without redirections. */
function words(line: string): readonly string[] {
  const [command = ""] = line.split(/ [<>|] /);
  return [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, one, two, bare]) => one ?? two ?? bare ?? "",
  );
}

/** The name of the command that a line runs, and its global options. */
async function parseLine(line: string): Promise<{ name: string; globals: GlobalValues } | undefined> {
  let parsed: { name: string; globals: GlobalValues } | undefined;
  let named = "";
  const tracked = commands.map((command) => ({
    ...command,
    run: async () => {
      named = command.name;
      return { json: {}, lines: [], status: 0 };
    },
  }));
  const program = createProgram("", tracked, async (run, globals) => {
    await run({} as never);
    parsed = { name: named, globals };
  });
  const silent = { writeOut() {}, writeErr() {} };
  const below = (each: typeof program): (typeof program)[] => [each, ...each.commands.flatMap(below)];
  for (const each of below(program)) each.exitOverride().configureOutput(silent);
  await program.parseAsync(words(line), { from: "user" });
  return parsed;
}

it.each(commands)("$name has two examples or more, each for another purpose", async ({ name, examples }) => {
  expect(examples.length).toBeGreaterThanOrEqual(2);
  expect(new Set(examples.map(({ purpose }) => purpose)).size).toBe(examples.length);
  expect(new Set(examples.map(({ line }) => line)).size).toBe(examples.length);
  for (const { purpose, line } of examples) {
    expect(purpose).toMatch(/^[A-Z].*[^.]$/);
    expect(await parseLine(line)).toMatchObject({ name });
    expect(`  # ${purpose}`.length).toBeLessThanOrEqual(80);
  }
});

it("would notice an example that does not parse", async () => {
  await expect(parseLine("list mochi --nonsense")).rejects.toThrow("unknown option");
});

it("no command has an option that Node takes as its own, wherever it stands", () => {
  // https://nodejs.org/api/cli.html, `--env-file`: Node reads the file before any program runs.
  const flags = commands.flatMap(({ options }) => Object.values(options).map(({ long }) => long));
  expect(flags).toContain("--env-script");
  expect(flags.filter((flag) => flag?.startsWith("--env-file"))).toEqual([]);
});
