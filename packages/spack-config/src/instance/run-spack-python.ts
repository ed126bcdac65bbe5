// Runs a Python program in Spack.

import { runSpack, type SpackCommand } from "./run-spack.js";

/** A program to run, and in which instance. */
export interface SpackPythonRequest extends Omit<SpackCommand, "args"> {
  /** The program; its standard output is the result. */
  readonly program: string;
}

/**
 * Runs `spack python` with the user's main options, and returns its output (Spack: cmd/python.py).
 *
 * @throws SpackOciError the errors of {@link runSpack}
 */
export function runSpackPython({ program, ...command }: SpackPythonRequest): Promise<string> {
  // Spack's console takes a single statement; a JSON string is also a Python string.
  return runSpack({ ...command, args: ["python", "-c", `exec(${JSON.stringify(program)})`] });
}
