// Global options, and what a session makes of them.

import { Command } from "commander";
import { expect, it } from "vitest";
import { addOptions, optionValues } from "../../src/declaration/add-command.js";
import { SPACK_OPTIONS, sessionOptions } from "../../src/options/spack.js";

function session(...args: readonly string[]) {
  const program = new Command();
  addOptions(program, SPACK_OPTIONS);
  program.parse(args, { from: "user" });
  return sessionOptions(optionValues(program, SPACK_OPTIONS));
}

const NONE = {
  spackRoot: undefined,
  environment: undefined,
  environmentDirectory: undefined,
  withoutEnvironment: false,
  configScopes: undefined,
  commandLine: undefined,
};

it("are all optional", () => {
  expect(session()).toEqual(NONE);
});

it("select Spack, an environment and configuration", () => {
  const args = ["--spack-root", "/spack", "-e", "tests", "-C", "/a", "-C", "/b", "-c", "config:x:y"];
  expect(session(...args)).toEqual({
    ...NONE,
    spackRoot: "/spack",
    environment: "tests",
    configScopes: ["/a", "/b"],
    commandLine: ["config:x:y"],
  });
  expect(session("-D", "/env")).toEqual({ ...NONE, environmentDirectory: "/env" });
});

it("let the last of --env and --no-env win", () => {
  expect(session("-e", "tests", "-E")).toEqual({ ...NONE, withoutEnvironment: true });
  expect(session("-E", "-e", "tests")).toEqual({ ...NONE, environment: "tests" });
});
