// Runs a command of Spack, for what only recipes know.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { SpackOciError } from "@spack-oci/errors";
import type { OpenSpackOptions } from "./open-spack-instance.js";

/** A command to run, and in which instance. */
export interface SpackCommand {
  /** The instance's root. */
  readonly root: string;
  /** The options that the instance was opened with. */
  readonly options: OpenSpackOptions;
  /** The command and its arguments. */
  readonly args: readonly string[];
  /** Its standard input. */
  readonly input?: string;
  readonly signal?: AbortSignal | undefined;
}

/** How much of Spack's standard error to keep for error messages. */
const MAX_STDERR = 4000;

/**
 * Runs a command with the user's main options, and returns its output.
 *
 * @throws SpackOciError `ERR_SPACK_RUN` with Spack's standard error if it cannot be run, or fails
 */
export function runSpack({ root, options, args, input = "", signal }: SpackCommand): Promise<string> {
  const spack = join(root, "bin", "spack");
  return new Promise((resolve, reject) => {
    const child = spawn(spack, [...mainArguments(options), ...args], {
      cwd: options.cwd,
      env: { ...options.env },
      signal,
    });
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
      else reject(spackFailed(spack, complaint.trim() || `it exited with status ${status}`));
    });
    // A Spack that exits early explains itself by its status.
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
  return new SpackOciError("ERR_SPACK_RUN", `Could not run Spack: ${why}.`, {
    kind: "failed",
    place: spack,
    hint: "Fix that, or continue without Spack.",
    cause,
  });
}
