// Text from outside cannot control the terminal from any field.

import type { BuildcacheEvent } from "@spack-oci/buildcache";
import { SpackOciError } from "@spack-oci/errors";
import { describe, expect, it } from "vitest";
import { main } from "../../src/main.js";
import type { Console } from "../../src/process/console.js";
import { CLEAR_LINE, guardedConsole, printable } from "../../src/process/guarded-console.js";
import { createProgress } from "../../src/render/progress/progress.js";
import { runCommand } from "../../src/run-command.js";

/** Clears the screen, sets the title, conceals, moves the cursor and reverses the text, in the old and new ways. */
const HOSTILE = "A\x1b[2J\x1b]0;title\x07\x1b[8m\r\b\x7f\x9b2J\u202eB\u2066C\u2028\u200f\u061c\0Z";
const SHOWN =
  "A\\x1b[2J\\x1b]0;title\\x07\\x1b[8m\\x0d\\x08\\u007f\\u009b2J\\u202eB\\u2066C\\u2028\\u200f\\u061c\\x00Z";

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
const UNSAFE = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

function consoleOf(isTTY = false) {
  const written = { out: "", err: "", asked: "" };
  const raw: Console = {
    stdout: {
      isTTY,
      write(text) {
        written.out += text;
      },
    },
    stderr: {
      isTTY,
      columns: 4000,
      write(text) {
        written.err += text;
      },
    },
    environment: { HOME: "/nonexistent" },
    signal: new AbortController().signal,
    confirm: async (question) => {
      written.asked += question;
      return true;
    },
    prompt: async (question) => {
      written.asked += question;
      return "";
    },
    readSecret: async (prompt) => {
      written.asked += prompt;
      return "";
    },
  };
  return { raw, guarded: guardedConsole(raw), written };
}

const error = new SpackOciError("ERR_TEST", `message ${HOSTILE}`, {
  kind: "denied",
  place: `place ${HOSTILE}`,
  hint: `hint ${HOSTILE}`,
  cause: new Error("outer", { cause: new Error(`cause ${HOSTILE}`) }),
});

const name = { name: `name ${HOSTILE}`, version: HOSTILE, hash: HOSTILE };
const events: BuildcacheEvent[] = [
  { type: "planned", todo: 1, present: 0 },
  { type: "step", package: name, step: "fetching" },
  { type: "bytes", package: name, count: 1 },
  { type: "done", package: name, outcome: "done", bytes: 1, seconds: 1 },
  { type: "done", package: name, outcome: "present" },
  { type: "done", package: name, outcome: "failed", error },
  { type: "done", package: name, outcome: "skipped", because: name },
  { type: "copying", tag: HOSTILE },
  { type: "bytes", tag: HOSTILE, count: 1 },
  { type: "copied", tag: HOSTILE, outcome: "copied", bytes: 1, seconds: 1 },
  { type: "copied", tag: HOSTILE, outcome: "failed", error },
  { type: "copied", tag: HOSTILE, outcome: "skipped", because: name },
  { type: "deleted", tag: HOSTILE },
  { type: "checked", tag: HOSTILE },
  { type: "unrelocatable", error },
  { type: "warning", message: HOSTILE, place: HOSTILE },
];

it("shows control and bidirectional characters as escapes, and nothing else", () => {
  expect(printable(HOSTILE)).toBe(SHOWN);
  const plain = "tab\tline\n é 漢字 🙂 \\x1b";
  expect(printable(plain)).toBe(plain);
  expect(printable(SHOWN)).toBe(SHOWN);
});

describe("a guarded console", () => {
  it.each(events)("escapes the event $type", (event) => {
    for (const isTTY of [false, true]) {
      const { raw, written } = consoleOf(isTTY);
      const progress = createProgress(guardedConsole(raw, "never").stderr);
      progress.listener(event);
      progress.finish();
      expect(written.err.replaceAll(CLEAR_LINE, "")).not.toMatch(UNSAFE);
    }
  });

  it("escapes the lines of a result, and leaves JSON as it is", async () => {
    const result = { lines: [HOSTILE, `second\t${HOSTILE}`], json: { [HOSTILE]: HOSTILE }, status: 0 };
    for (const json of [false, true]) {
      const { guarded, written } = consoleOf();
      const globals = { json, jobs: 1 } as Parameters<typeof runCommand>[1];
      await runCommand(async () => result, globals, guarded);
      expect(written.out).not.toMatch(UNSAFE);
      if (json) expect(JSON.parse(written.out)).toEqual(result.json);
      else expect(written.out).toBe(`${SHOWN}\nsecond\t${SHOWN}\n`);
    }
  });

  it("escapes every part of an error", async () => {
    const { guarded, written } = consoleOf();
    const globals = { json: true, jobs: 1 } as Parameters<typeof runCommand>[1];
    await runCommand(() => Promise.reject(error), globals, guarded);
    expect(written.err).not.toMatch(UNSAFE);
    for (const part of ["message", "place", "hint", "cause"]) expect(written.err).toContain(`${part} A\\x1b`);
    expect(JSON.parse(written.out)).toMatchObject({ error: { message: error.message, place: error.place } });
  });

  it("escapes questions and prompts", async () => {
    const { guarded, written } = consoleOf();
    await guarded.confirm?.(HOSTILE);
    await guarded.prompt?.(HOSTILE);
    await guarded.readSecret?.(HOSTILE);
    expect(written.asked).toBe(SHOWN + SHOWN + SHOWN);
  });

  it("keeps Spack's colors on a terminal only, and no other sequence", () => {
    const colored = "\x1b[1m#\x1b[0m \x1b[0;94m@1.3\x1b[0m \x1b[1;36mx\x1b[0m \x1b[8m#\x1b[2J";
    const terminal = consoleOf(true);
    terminal.guarded.stdout.write(colored);
    expect(terminal.written.out).toBe(
      "\x1b[1m#\x1b[0m \x1b[0;94m@1.3\x1b[0m \x1b[1;36mx\x1b[0m \\x1b[8m#\\x1b[2J",
    );
    const file = consoleOf(false);
    file.guarded.stdout.write(colored);
    expect(file.written.out).not.toMatch(UNSAFE);
  });

  it("colors the words that problems start with, on a terminal that wants colors", () => {
    const shown = (red = "", yellow = "", end = "") =>
      [
        `${CLEAR_LINE}[1/2] ${red}failed${end} x: no error: here`,
        `${yellow}warning:${end} \\x1b[1;31my`,
        "  spack-oci: z",
        `${red}spack-oci:${end} z\n`,
      ].join("\n");
    const text = shown().replace("\\x1b", "\x1b");
    const [plain, colored] = [shown(), shown("\x1b[1;31m", "\x1b[1;33m", "\x1b[0m")];
    for (const [color, environment, expected] of [
      ["auto", {}, colored],
      ["auto", { NO_COLOR: "1" }, plain],
      ["never", {}, plain],
      ["always", { NO_COLOR: "1" }, colored],
    ] as const) {
      const { raw, written } = consoleOf(true);
      guardedConsole({ ...raw, environment }, color).stderr.write(text);
      expect(written.err).toBe(expected);
    }
  });

  it("clears a line only at the start of a write to a terminal", () => {
    const { guarded, written } = consoleOf(true);
    guarded.stderr.write(`${CLEAR_LINE}one${CLEAR_LINE} two\n`);
    expect(written.err).toBe(`${CLEAR_LINE}one\\x0d\\x1b[K two\n`);
  });
});

it("has the colors of --color even for arguments that are wrong", async () => {
  for (const [args, isColored] of [
    [["list", "--bad"], true],
    [["--color=never", "list", "--bad"], false],
    [["list", "--color", "never", "--bad"], false],
  ] as const) {
    const { raw, written } = consoleOf(true);
    expect(await main(args, raw)).toBe(2);
    expect(written.err.startsWith("\x1b[1;31m")).toBe(isColored);
    expect(written.err).toMatch(/^\S*error:\S* unknown option/);
  }
});

it("is what the whole command line writes to", async () => {
  for (const args of [
    ["list", `oci-layout:/nonexistent/${HOSTILE.replace("\0", "")}`],
    [`bad${HOSTILE}`],
    ["list", "x", `--bad${HOSTILE}`],
  ]) {
    const { raw, written } = consoleOf();
    expect(await main(args, raw)).not.toBe(0);
    expect(written.err).toContain("\\x1b[2J");
    expect(written.err + written.out).not.toMatch(UNSAFE);
  }
});
