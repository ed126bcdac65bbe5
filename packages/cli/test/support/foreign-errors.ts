// Errors that are not this program's, and what may be printed of them.

import { getSystemErrorName } from "node:util";
import fc from "fast-check";
import { expect } from "vitest";
import { scratchDirectory } from "../../../../tests/support/scratch.js";
import { main } from "../../src/index.js";
import type { Console } from "../../src/process/console.js";

/** Numbers of system errors that libuv has words for. */
const NUMBERS = [
  -1, -2, -5, -9, -13, -17, -20, -21, -22, -24, -27, -28, -30, -32, -71, -104, -110, -111, -122,
];

/** The error of an operating system with a number, as Node throws it. */
function systemError(errno: number): Error {
  const code = getSystemErrorName(errno);
  const message = `${code}: some reason, open '/some/place'`;
  return Object.assign(new Error(message), { errno, code, syscall: "open", path: "/some/place" });
}

const messages = fc.constantFrom(
  "Invalid URL",
  "Cannot read properties of undefined (reading 'length')",
  "x",
);

/** What Node and the engine throw. */
export const foreignError: fc.Arbitrary<Error> = fc.oneof(
  messages.map((message) => new TypeError(message)),
  messages.map((message) => new RangeError(message)),
  messages.map((message) => new SyntaxError(message)),
  fc.constantFrom(...NUMBERS).map(systemError),
);

/** How a command line ended. */
export interface Printed {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in a home of its own, with parts of the console replaced. */
export async function runPrinted(args: readonly string[], parts: Partial<Console> = {}): Promise<Printed> {
  let [stdout, stderr] = ["", ""];
  const status = await main(args, {
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
    environment: { HOME: scratchDirectory("home"), SPACK_OCI_CACHE: "off" },
    signal: new AbortController().signal,
    ...parts,
  });
  return { status, stdout, stderr };
}

/**
 * A sentence of this program that ends with a hint and the page of the error, without stacks and bare words of Node.
 */
export function expectOwnWords({ status, stderr }: Printed): void {
  expect(status).toBeGreaterThan(0);
  expect(stderr).toMatch(/^spack-oci: \S/m);
  expect(stderr).toMatch(/\n {2}[A-Z].*\.\n {2}docs: \S+#err_\w+\n$/);
  expectNothingBare(stderr);
}

/** Nothing in a text is a stack, or begins with what Node throws. */
export function expectNothingBare(text: string): void {
  expect(text).not.toMatch(/^\s+at .*:\d+:\d+/m);
  expect(text).not.toMatch(
    /^(?:\s*\S+: )?(?:(?:Type|Range|Syntax)?Error:|Invalid URL|Cannot read prop|E[A-Z]+:)/m,
  );
}

/** The error of a command with `--json` has a code. */
export function expectCode({ stdout }: Printed): void {
  const answer = JSON.parse(stdout) as { error: { code: string } };
  expect(answer.error.code).toMatch(/^ERR_[A-Z_]+$/);
}
