// Whatever a port throws is printed as an error of this program: with a place or a hint, and never with a stack.

import { getSystemErrorName } from "node:util";
import fc from "fast-check";
import { expect, it } from "vitest";
import { startMirror } from "../../../tests/support/mirror.js";
import { scratchDirectory } from "../../../tests/support/scratch.js";
import { main } from "../src/index.js";
import type { Console } from "../src/process/console.js";

/** Numbers of system errors that libuv has words for. */
const NUMBERS = [
  -1, -2, -5, -9, -13, -17, -20, -21, -22, -24, -27, -28, -30, -32, -71, -104, -110, -111, -122,
];
const messages = fc.constantFrom(
  "Invalid URL",
  "Cannot read properties of undefined (reading 'length')",
  "x",
);
const foreign: fc.Arbitrary<Error> = fc.oneof(
  messages.map((message) => new TypeError(message)),
  messages.map((message) => new RangeError(message)),
  messages.map((message) => new SyntaxError(message)),
  fc.constantFrom(...NUMBERS).map((errno) => {
    const code = getSystemErrorName(errno);
    const message = `${code}: some reason, open '/some/place'`;
    return Object.assign(new Error(message), { errno, code, syscall: "open", path: "/some/place" });
  }),
);

/** A console whose parts throw, one at a time. */
const PORTS: Readonly<
  Record<string, { readonly args: readonly string[]; readonly broken: (error: Error) => Partial<Console> }>
> = {
  "a listener of requests": {
    args: ["list", "MIRROR"],
    broken: (error) => ({ mirrors: { onRequest: () => fail(error) } }),
  },
  "the settings of hosts": {
    args: ["list", "MIRROR"],
    broken: (error) => ({ mirrors: { knownHost: () => fail(error) } }),
  },
  "the clock": {
    args: ["list", "MIRROR"],
    broken: (error) => ({
      mirrors: { clock: { now: () => fail(error), random: Math.random, sleep: async () => {} } },
    }),
  },
  "the prompt for a user": {
    args: ["login", "HOST"],
    broken: (error) => ({ prompt: () => fail(error) }),
  },
  "the prompt for a secret": {
    args: ["login", "HOST", "-u", "me"],
    broken: (error) => ({ readSecret: () => fail(error) }),
  },
};

function fail(error: Error): never {
  throw error;
}

it.each(Object.entries(PORTS))(
  "%s",
  async (_name, { args, broken }) => {
    const { registry, mirror } = await startMirror();
    const home = scratchDirectory("home");
    const known = args.map((text) =>
      text.replace("MIRROR", mirror).replace("HOST", `oci+http://${registry.host}`),
    );
    const run = async (error: Error, ...more: string[]) => {
      let [stdout, stderr] = ["", ""];
      const status = await main([...known, ...more], {
        stdout: {
          write: (text) => {
            stdout += text;
          },
        },
        stderr: {
          write: (text) => {
            stderr += text;
          },
        },
        environment: { HOME: home, SPACK_OCI_CACHE: "off" },
        signal: new AbortController().signal,
        ...broken(error),
      });
      return { status, stdout, stderr };
    };
    await fc.assert(
      fc.asyncProperty(foreign, async (error) => {
        const { status, stderr } = await run(error);
        expect(status).toBeGreaterThan(0);
        expect(stderr).toMatch(/^spack-oci: \S/m);
        // The last line is a hint.
        expect(stderr).toMatch(/\n {2}[A-Z].*\.\n$/);
        expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
        expect(stderr).not.toMatch(
          /^spack-oci: (Type|Range|Syntax)?Error|^spack-oci: (Invalid URL|Cannot read prop|E[A-Z]+:)/m,
        );
        const answer = JSON.parse((await run(error, "--json")).stdout) as { error: { code: string } };
        expect(answer.error.code).toMatch(/^ERR_[A-Z_]+$/);
      }),
      { numRuns: 8 },
    );
    await registry.close();
  },
  60_000,
);
