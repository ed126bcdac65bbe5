// Runs a Python program inside of Spack, for what only recipes know.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { SpackOciError } from "@spack-oci/errors";
import type { OpenSpackOptions } from "./open-spack-instance.js";

/** What is run, and in which surroundings. */
export interface SpackPythonRequest {
  /** The instance's root. */
  readonly root: string;
  /** The options that the instance was opened with. */
  readonly options: OpenSpackOptions;
  /** A program; what it writes to its standard output is the answer. */
  readonly program: string;
  /** What it reads from its standard input. */
  readonly input: string;
  readonly signal?: AbortSignal | undefined;
}

/** As much of what Spack says is kept as tells what went wrong. */
const MAX_STDERR = 4000;

/**
 * What `spack python` answers, under the main options that the user gave (Spack: cmd/python.py).
 *
 * @throws SpackOciError `ERR_SPACK_RUN` with what Spack said where it cannot be run, or fails
 */
export function runSpackPython(request: SpackPythonRequest): Promise<string> {
  const { root, options, program, input, signal } = request;
  const spack = join(root, "bin", "spack");
  // The console that Spack runs it in takes a single statement; a string of JSON is one of Python, too.
  const statement = `exec(${JSON.stringify(program)})`;
  const args = [...mainArguments(options), "python", "-c", statement];
  return new Promise((resolve, reject) => {
    const child = spawn(spack, args, { cwd: options.cwd, env: { ...options.env }, signal });
    let answer = "";
    let complaint = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      answer += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      complaint = (complaint + text).slice(-MAX_STDERR);
    });
    child.once("error", (error) => {
      reject(signal?.aborted === true ? error : spackFailed(spack, error.message, error));
    });
    child.once("close", (status) => {
      if (status === 0) resolve(answer);
      else reject(spackFailed(spack, complaint.trim() || `it ended with ${status}`));
    });
    // A Spack that ended early says why by its status.
    child.stdin.on("error", () => {}).end(input);
  });
}

function mainArguments(options: OpenSpackOptions): string[] {
  const { environment, environmentDirectory, withoutEnvironment } = options;
  return [
    ...(options.configScopes ?? []).flatMap((scope) => ["-C", scope]),
    ...(options.commandLine ?? []).flatMap((setting) => ["-c", setting]),
    ...(environment ? ["-e", environment] : []),
    ...(environmentDirectory ? ["-D", environmentDirectory] : []),
    ...(withoutEnvironment === true ? ["-E"] : []),
  ];
}

function spackFailed(spack: string, why: string, cause?: unknown): SpackOciError {
  return new SpackOciError("ERR_SPACK_RUN", `Spack could not be asked: ${why}`, {
    kind: "failed",
    place: spack,
    hint: "Mend that, or go on without Spack's answer.",
    cause,
  });
}
