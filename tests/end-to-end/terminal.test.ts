// The command line on a real terminal: interrupted prompts, and terminals without escape sequences.

import { spawn, spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { fixture } from "../support/fixtures.js";
import { startOf } from "../support/tested-command.js";

const layout = `oci-layout:${fixture("oci-layout-main")}`;

const hasTerminal = spawnSync("script", ["-qec", "true", "/dev/null"]).status === 0;
if (!hasTerminal) console.log("skipped: tests on a terminal, because util-linux's script is missing");

interface TerminalRun {
  /** What is typed once this text appears. */
  readonly at?: string;
  readonly keys?: string;
  readonly term?: string;
}

/** Runs a command on a terminal of its own; a port that nothing listens on stands for a registry. */
function onTerminal(args: readonly string[], { at = "", keys = "", term = "xterm" }: TerminalRun = {}) {
  const words = [...startOf(), ...args].map((word) => `'${word}'`);
  const child = spawn("script", ["-qec", `exec ${words.join(" ")}`, "/dev/null"], {
    env: { PATH: process.env["PATH"], HOME: "/nonexistent", TERM: term, SHELL: "/bin/sh" },
  });
  let shown = "";
  let isTyped = keys === "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    shown += text;
    if (isTyped || !shown.includes(at)) return;
    isTyped = true;
    child.stdin.write(keys);
  });
  return new Promise<{ status: number | null; shown: string }>((resolve, reject) => {
    child.once("error", reject).once("close", (status) => resolve({ status, shown }));
  });
}

describe.skipIf(!hasTerminal)("on a terminal", () => {
  it.each([
    ["the prompt for a user name", ["login", "127.0.0.1:1"], "Username"],
    ["the prompt for a password", ["login", "127.0.0.1:1", "-u", "me"], "Password"],
    ["--password-stdin", ["login", "127.0.0.1:1", "-u", "me", "--password-stdin"], "Password"],
  ])("Ctrl-C at %s ends with status 130", async (_, args, at) => {
    const { status, shown } = await onTerminal(args, { at, keys: "\x03" });
    expect({ status, shown }).toEqual({ status: 130, shown: expect.stringContaining("interrupted") });
  });

  it("Ctrl-D at a prompt is no answer", async () => {
    const { status, shown } = await onTerminal(["login", "127.0.0.1:1"], { at: "Username", keys: "\x04" });
    expect({ status, shown }).toEqual({ status: 2, shown: expect.stringContaining("No username given.") });
  });

  it("explains that --password-stdin leaves no input for a user name", async () => {
    const { status, shown } = await onTerminal(["login", "127.0.0.1:1", "--password-stdin"]);
    expect({ status, shown }).toEqual({ status: 2, shown: expect.stringContaining("Add -u NAME, as in") });
  });

  it.each([
    ["progress", ["check", layout]],
    ["colors", ["list", layout]],
    ["a prompt", ["login", "127.0.0.1:1"]],
  ])("%s has no escape sequence under TERM=dumb", async (_, args) => {
    const run = (term: string) => onTerminal(args, { term, at: "Username", keys: "\x04" });
    expect((await run("xterm")).shown).toContain("\x1b[");
    expect((await run("dumb")).shown).not.toContain("\x1b");
  });
});
