// Whatever Node's own functions throw while a command runs is printed in words of this program.

import childProcess from "node:child_process";
import { EventEmitter } from "node:events";
import fs, { mkdirSync, writeFileSync } from "node:fs";
import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { fixture } from "../../../tests/support/fixtures.js";
import { startMirror } from "../../../tests/support/mirror.js";
import { scratchDirectory } from "../../../tests/support/scratch.js";

/** What fails next: a function, its first argument, and with which error. */
interface Fault {
  readonly name: string;
  readonly of: string;
  readonly error: Error;
}

let fault: Fault | undefined;
let count = 0;
afterEach(() => {
  fault = undefined;
});

/** How a function reports that it failed. */
type Style = "throws" | "rejects" | "calls back";

/** Replaces a function by one that fails on request, before anything imports it. */
function breakable(module: object, name: string, style: Style = "throws"): void {
  const functions = module as Record<string, (...args: unknown[]) => unknown>;
  const original = functions[name];
  if (original === undefined) throw new Error(`There is no ${name}.`);
  const isMeant = (path: unknown) =>
    fault?.name === name.replace("Sync", "") && String(path).startsWith(fault.of);
  functions[name] = Object.assign((...args: unknown[]) => {
    if (fault === undefined || !args.slice(0, 2).some(isMeant)) return original.apply(module, args);
    count += 1;
    const { error } = fault;
    if (style === "rejects") return Promise.reject(error);
    if (style === "throws") throw error;
    const done = args.at(-1) as (error: Error) => void;
    return setImmediate(() => done(error));
  }, original);
}

// A slow file system makes the program use the second variant of each.
const OPERATIONS = ["mkdir", "open", "rename", "lstat"];
for (const name of OPERATIONS) {
  breakable(fs, `${name}Sync`);
  breakable(promises, name, "rejects");
}
breakable(fs, "open", "calls back");
for (const name of ["readFile", "writeFile"]) breakable(promises, name, "rejects");
breakable(childProcess, "spawn");
syncBuiltinESMExports();
const { expectCode, expectNothingBare, expectOwnWords, foreignError, runPrinted } = await import(
  "./support/foreign-errors.js"
);

const layout = `oci-layout:${fixture("oci-layout-main")}`;
const scratch = (name: string) => join(scratchDirectory(name), "opt");

describe("a pull", () => {
  it.each([...OPERATIONS, "writeFile"])("in which %s fails", async (name) => {
    await fc.assert(
      fc.asyncProperty(foreignError, async (error) => {
        const root = scratch("pull");
        [fault, count] = [{ name, of: root, error }, 0];
        const printed = await runPrinted(["pull", "--allarch", layout, "json-c-lite", "--root", root]);
        fault = undefined;
        expect(printed.status).toBeGreaterThan(0);
        expect(count).toBeGreaterThan(0);
        expectNothingBare(printed.stderr);
      }),
      { numRuns: 8 },
    );
  });
});

describe("a store whose database cannot be read", () => {
  it.each(["find", "reindex", "push", "pull"])("in %s", async (command) => {
    const root = scratch("store");
    mkdirSync(join(root, ".spack-db"), { recursive: true });
    writeFileSync(join(root, ".spack-db/index.json"), "{}");
    const { registry, mirror } = await startMirror();
    const args = {
      find: ["find", "--root", root],
      reindex: ["reindex", "--store", root],
      push: ["push", mirror, "--store", root],
      pull: ["pull", "--allarch", mirror, "json-c-lite", "--root", root],
    }[command];
    await fc.assert(
      fc.asyncProperty(foreignError, async (error) => {
        [fault, count] = [{ name: "readFile", of: join(root, ".spack-db/index.json"), error }, 0];
        const printed = await runPrinted(args ?? []);
        expect(count).toBeGreaterThan(0);
        if (!("code" in error) || error.code !== "ENOENT") expectOwnWords(printed);
        expect(printed.stderr).not.toContain("some reason, open");
        const isDenied = "code" in error && ["EACCES", "EPERM", "EROFS"].includes(String(error.code));
        if (printed.status !== 0) expect(printed.status).toBe(isDenied ? 4 : 1);
      }),
      { numRuns: 30 },
    );
    await registry.close();
  });
});

describe("a credential helper", () => {
  const homeWithHelper = () => {
    const home = scratchDirectory("home");
    mkdirSync(join(home, ".docker"));
    writeFileSync(join(home, ".docker/config.json"), JSON.stringify({ credsStore: "test" }));
    return { environment: { HOME: home, SPACK_OCI_CACHE: "off" } };
  };

  it("cannot be started", async () => {
    const { registry, mirror } = await startMirror();
    await fc.assert(
      fc.asyncProperty(foreignError, async (error) => {
        [fault, count] = [{ name: "spawn", of: "docker-credential-test", error }, 0];
        const printed = await runPrinted(["list", mirror], homeWithHelper());
        expect(count).toBe(1);
        expect(printed.status).toBe(4);
        expectOwnWords(printed);
        expect(printed.stderr).toContain("docker-credential-test");
        expectCode(await runPrinted(["list", mirror, "--json"], homeWithHelper()));
      }),
      { numRuns: 8 },
    );
    await registry.close();
  });

  it("has no pipes, because there are too many open files", async () => {
    const { registry, mirror } = await startMirror();
    const { spawn } = childProcess;
    // What Node does for EMFILE and ENFILE.
    const withoutPipes = () => {
      const child = new EventEmitter();
      process.nextTick(() => child.emit("error", new Error("spawn docker-credential-test EMFILE")));
      return child;
    };
    Object.assign(childProcess, { spawn: withoutPipes });
    syncBuiltinESMExports();
    try {
      const printed = await runPrinted(["list", mirror], homeWithHelper());
      expect(printed.status).toBe(4);
      expectOwnWords(printed);
      expect(printed.stderr).toContain("too many open files");
    } finally {
      Object.assign(childProcess, { spawn });
      syncBuiltinESMExports();
      await registry.close();
    }
  });
});
