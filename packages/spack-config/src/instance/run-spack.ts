// Runs a command of Spack, for what only recipes know.

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { join } from "node:path";
import { reasonOf, SpackOciError } from "@spack-oci/errors";
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

/** The longest answer in characters: the environments of 100 000 images have a tenth of it. */
const MAX_ANSWER = 256 * 1024 * 1024;

/** How much of Spack's standard error to keep for error messages. */
const MAX_STDERR = 4000;

/**
 * Runs a command with the user's main options, and returns its output.
 *
 * @throws SpackOciError `ERR_SPACK_RUN` with Spack's standard error if it cannot be run, or fails
 */
export function runSpack(command: SpackCommand): Promise<string> {
  const { root, input = "", signal } = command;
  const spack = join(root, "bin", "spack");
  return new Promise((resolve, reject) => {
    const child = start(spack, command);
    let answer = "";
    let complaint = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (answer.length + text.length <= MAX_ANSWER) answer += text;
      else {
        reject(spackFailed(spack, "its answer is too long"));
        child.kill();
      }
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      complaint = (complaint + text).slice(-MAX_STDERR);
    });
    child.once("error", (error) => {
      reject(signal?.aborted === true ? error : spackFailed(spack, reasonOf(error), error));
    });
    child.once("close", (status) => {
      if (status === 0) resolve(answer);
      else reject(spackFailed(spack, complaint.trim() || `it exited with status ${status}`));
    });
    // A Spack that exits early explains itself by its status.
    child.stdin.on("error", () => {}).end(input);
  });
}

/** @throws SpackOciError `ERR_SPACK_RUN`; some failures are only events of the child */
function start(spack: string, { options, args, signal }: SpackCommand): ChildProcessWithoutNullStreams {
  try {
    const { cwd, env } = options;
    const child = spawn(spack, [...mainArguments(options), ...args], { cwd, env: { ...env }, signal });
    // Out of file descriptors, Node leaves the pipes out, and the error is an event that comes later.
    if (child.stdout === undefined) child.once("error", () => {});
    if (child.stdout === undefined) throw new Error("there are too many open files");
    return child;
  } catch (cause) {
    throw spackFailed(spack, reasonOf(cause), cause);
  }
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
