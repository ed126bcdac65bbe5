// Global options before and after the name of a command.

import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { addOptions } from "../../src/declaration/add-command.js";
import type { OptionTable } from "../../src/declaration/command.js";
import { assignments, flag } from "../../src/declaration/parameter.js";
import { GLOBAL_OPTIONS, globalOptionsBeside, globalValues } from "../../src/options/global.js";
import { sessionOptions } from "../../src/options/spack.js";

/** What a command `try` with these own options gets. */
async function values(args: readonly string[], own: OptionTable = {}) {
  const program = new Command("spack-oci").enablePositionalOptions().exitOverride();
  addOptions(program, GLOBAL_OPTIONS);
  const parser = program.command("try").exitOverride();
  const beside = globalOptionsBeside(own);
  addOptions(parser, own);
  addOptions(parser, beside);
  parser.action(() => {});
  await program.parseAsync(args, { from: "user" });
  return globalValues(program, parser, beside);
}

describe("global options", () => {
  it("have the same values on both sides of the command", async () => {
    const options = [
      ...["--spack-root", "/s", "-D", "/d", "-C", "/a", "-c", "x:y", "-q", "-v", "--color", "never"],
      ...["--json", "--json-lines", "-j", "3"],
    ];
    const before = await values([...options, "try"]);
    expect(before).toMatchObject({ jobs: 3, quiet: true, configScopes: ["/a"], color: "never" });
    expect(await values(["try", ...options])).toEqual(before);
  });

  it("add up if they are repeated; otherwise the last one counts", async () => {
    const both = ["-C", "/a", "-j", "2", "-e", "one", "try", "-C", "/b", "-j", "3", "-e", "two"];
    expect(await values(both)).toMatchObject({ configScopes: ["/a", "/b"], jobs: 3, environment: "two" });
    expect(await values(["-j", "2", "--quiet", "try"])).toMatchObject({ jobs: 2, quiet: true });
  });

  it("without an environment, before the command and after it", async () => {
    const none = { environment: undefined, withoutEnvironment: true };
    expect(sessionOptions(await values(["-E", "try"]))).toMatchObject(none);
    expect(sessionOptions(await values(["try", "--no-env"]))).toMatchObject(none);
    expect(sessionOptions(await values(["-e", "one", "try", "-E"]))).toMatchObject(none);
    const one = { environment: "one", withoutEnvironment: false };
    expect(sessionOptions(await values(["-E", "try", "-e", "one"]))).toMatchObject(one);
  });

  it("give way to the flags of a command", async () => {
    const own = {
      config: flag("-c, --concretized", ""),
      env: assignments("--env <name=value>", "", (text) => [text, text]),
      lines: flag("--json-lines", ""),
    };
    const beside = globalOptionsBeside(own);
    const flags = Object.fromEntries(Object.entries(beside).map(([name, option]) => [name, option.flags]));
    expect(flags).toMatchObject({
      commandLine: "--config <section:key:value>",
      environment: "-e <env>",
      withoutEnvironment: "-E",
      configScopes: "-C, --config-scope <dir>",
    });
    expect(flags).not.toHaveProperty("jsonLines");
    const given = await values(["try", "-c", "--config", "a:b", "--env", "x", "-e", "one"], own);
    expect(given).toMatchObject({ commandLine: ["a:b"], environment: "one" });
    expect(await values(["-e", "one", "try", "-E", "--env", "x"], own)).toMatchObject({ environment: false });
  });
});
