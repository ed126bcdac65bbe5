// An error that nothing in the command catches ends its process like any other: in its own words, cleaned up, with
// status 1.

import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { buildCommand, startCommand } from "../support/command-process.js";
import { startMirror, type TestMirror } from "../support/mirror.js";
import { scratchDirectory } from "../support/scratch.js";
import { leftovers } from "../support/store-tree.js";

const THROWN = "throw new TypeError('Invalid URL')";
const REJECTED = "Promise.reject(new RangeError('Invalid URL'))";
const MESSAGE =
  /^spack-oci: Something unexpected went wrong: Invalid URL\.\n {2}This is a bug in spack-oci\. Report it .*\.\n/m;

let mirror: TestMirror;

beforeAll(() => buildCommand(), 120_000);
afterEach(() => mirror?.registry.close());

/** The options of a Node, also inside of an executable, that runs `code` before the command. */
function preloading(code: string): NodeJS.ProcessEnv {
  const file = join(scratchDirectory("preload"), "preload.cjs");
  writeFileSync(file, code);
  return { NODE_OPTIONS: `--require=${file}` };
}

/** Runs a pull whose downloads stall until it is given up, and makes it fail in the middle of them. */
async function failPull(code: string, environment: NodeJS.ProcessEnv = {}, ...more: string[]) {
  mirror = await startMirror();
  mirror.registry.fault({ path: /blobs/, after: 4, stallAfter: 100, times: Number.POSITIVE_INFINITY });
  const home = scratchDirectory("uncaught");
  const [root, temporary] = [join(home, "opt"), join(home, "tmp")];
  mkdirSync(temporary);
  const args = ["pull", "--allarch", mirror.mirror, "margo-lite", "--root", root, ...more];
  const { child, ended } = startCommand(args, {
    TMPDIR: temporary,
    NODE_COMPILE_CACHE: join(home, "compiled"),
    // Outside of any command.
    ...preloading(`process.once("SIGUSR2", () => { ${code}; });`),
    ...environment,
  });
  while (mirror.registry.requests.length < 8) await delay(5);
  child.kill("SIGUSR2");
  return { ...(await ended), root, temporary };
}

describe.each([
  ["thrown", THROWN],
  ["rejected", REJECTED],
])("what is %s", (_how, code) => {
  it("ends a pull, which cleans up after itself", async () => {
    const { status, stdout, stderr, root, temporary } = await failPull(code);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(MESSAGE);
    expect(stderr).not.toContain("interrupted");
    expect(stderr).not.toMatch(/^\s+at /m);
    expect([leftovers(root), readdirSync(temporary)]).toEqual([[], []]);
  });

  it("has a code in JSON", async () => {
    const { status, stdout } = await failPull(code, {}, "--json");
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "ERR_UNEXPECTED", kind: "failed" } });
  });

  it("shows its stack on request", async () => {
    const { stderr } = await failPull(code, { SPACK_OCI_DEBUG: "1" });
    expect(stderr).toMatch(MESSAGE);
    expect(stderr).toMatch(/^(Type|Range)Error: Invalid URL\n {4}at /m);
  });
});

it("does not wait for a command that never ends", async () => {
  // Nothing that the command waits for ever happens, not even its interruption.
  const code = `AbortController.prototype.abort = () => {}; ${THROWN}`;
  const { status, stderr } = await failPull(code);
  expect(status).toBe(1);
  expect(stderr).toMatch(MESSAGE);
}, 60_000);

it("reports a command that waits for nothing", async () => {
  mirror = await startMirror();
  // Names are never resolved, and nothing is pending.
  const code = 'require("node:dns").lookup = () => {}; require("node:module").syncBuiltinESMExports();';
  const { ended } = startCommand(["list", "oci://registry.invalid/a"], preloading(code));
  const { status, stderr } = await ended;
  expect(stderr).toContain("spack-oci: Something unexpected went wrong: the command waits for something");
  expect(status).toBe(1);
}, 60_000);
