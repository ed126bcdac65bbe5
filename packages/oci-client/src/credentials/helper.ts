// Credential helpers: programs named docker-credential-NAME that keep secrets in the system's own store.

import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { reasonOf, SpackOciError } from "@spack-oci/errors";
import { isRecord, parseJsonOrUndefined } from "../content/json.js";
import { MAX_HELPER_OUTPUT } from "../limits.js";
import { onAbort } from "../storage/on-abort.js";
import type { Credential } from "./credential.js";

/** The time limit of a helper in milliseconds; it may prompt its user. */
const HELPER_TIMEOUT = 60_000;

/**
 * How long the output of a helper that has ended may stay open, in milliseconds: an agent that it started may hold it.
 */
const OUTPUT_TIMEOUT = 1000;

/** What a helper is asked to do; its first argument. */
type Verb = "get" | "store" | "erase";

/** How long to wait for a helper. */
export interface HelperOptions {
  /** In milliseconds. */
  readonly timeout?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks a helper for the credential of a server; undefined if it has none or is not installed.
 *
 * @throws SpackOciError of kind `denied`, code `ERR_OCI_CREDENTIAL_HELPER`, if it fails; the signal's reason if it is
 *   aborted.
 */
export async function getFromHelper(
  name: string,
  server: string,
  { timeout = HELPER_TIMEOUT, signal }: HelperOptions = {},
): Promise<Credential | undefined> {
  const program = helperProgram(name);
  const { status, output } = await runHelper(program, { verb: "get", input: server, timeout, signal });
  if (status === "missing" || (status !== 0 && /not found/i.test(output))) return undefined;
  if (status !== 0) throw helperError(program, output);
  const answer = parseJsonOrUndefined(output);
  const { Username: username, Secret: secret } = isRecord(answer) ? answer : {};
  if (typeof username !== "string" || typeof secret !== "string")
    throw helperError(program, "its answer is unusable");
  if (secret === "") return undefined;
  // The user name <token> marks an identity token.
  if (username === "<token>") return { kind: "identity-token", token: secret, source: program };
  return { kind: "basic", username, password: secret, source: program };
}

/** Stores a credential in a helper, which reads it from standard input. */
export async function storeInHelper(
  name: string,
  server: string,
  credential: { readonly username: string; readonly password: string },
): Promise<void> {
  const { username: Username, password: Secret } = credential;
  await runOrThrow(helperProgram(name), "store", JSON.stringify({ ServerURL: server, Username, Secret }));
}

/** Removes the credential of a server from a helper. */
export async function eraseFromHelper(name: string, server: string): Promise<void> {
  await runOrThrow(helperProgram(name), "erase", server);
}

async function runOrThrow(program: string, verb: Verb, input: string): Promise<void> {
  const { status, output } = await runHelper(program, { verb, input, timeout: HELPER_TIMEOUT });
  if (status !== 0) throw helperError(program, status === "missing" ? "it is not on PATH" : output);
}

function helperProgram(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) return `docker-credential-${name}`;
  throw new SpackOciError(
    "ERR_OCI_CREDENTIAL_HELPER",
    `Not the name of a credential helper: ${JSON.stringify(name)}.`,
    {
      kind: "usage",
      hint: "Check credsStore and credHelpers in docker's config.json.",
    },
  );
}

/** How to run a helper. */
interface HelperRun {
  readonly verb: Verb;
  readonly input: string;
  /** In milliseconds. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a helper in a process group of its own, so that its children end with it: a helper is often a script, and waits
 * for a program that hangs. spawn's own timeout would end the helper alone, and its timer outlives a missing program.
 */
function runHelper(
  program: string,
  { verb, input, timeout, signal }: HelperRun,
): Promise<{ status: number | null | "missing"; output: string }> {
  return new Promise((resolve, reject) => {
    const child = start(program, verb);
    const end = () => killGroup(child);
    const giveUp = (reason: unknown) => {
      end();
      // A process that has left the group may hold the pipe open.
      child.stdout.destroy();
      child.unref();
      reject(reason);
    };
    let timer = setTimeout(() => {
      giveUp(helperError(program, `it did not answer within ${timeout / 1000} seconds`));
    }, timeout);
    process.once("exit", end);
    const stopListening = onAbort(signal, () => giveUp(signal?.reason));
    const release = () => {
      clearTimeout(timer);
      process.off("exit", end);
      stopListening();
    };
    child.on("exit", () => {
      clearTimeout(timer);
      timer = setTimeout(() => child.stdout.destroy(), OUTPUT_TIMEOUT);
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (output.length < MAX_HELPER_OUTPUT) output += text;
    });
    child.on("error", (error: NodeJS.ErrnoException) => {
      release();
      if (error.code === "ENOENT") resolve({ status: "missing", output });
      else reject(helperError(program, reasonOf(error), error));
    });
    child.on("close", (status) => {
      release();
      resolve({ status, output });
    });
    child.stdin.on("error", () => {}); // a helper that exits early gives the reason by its status
    child.stdin.end(input);
  });
}

/** @throws SpackOciError `ERR_OCI_CREDENTIAL_HELPER`; some failures are only events of the child */
function start(program: string, verb: Verb): ChildProcessByStdio<Writable, Readable, null> {
  try {
    const child = spawn(program, [verb], { stdio: ["pipe", "pipe", "ignore"], detached: true });
    // Out of file descriptors, Node leaves the pipes out, and the error is an event that comes later.
    if (child.stdout === undefined) child.once("error", () => {});
    if (child.stdout === undefined) throw new Error("there are too many open files");
    return child;
  } catch (cause) {
    throw helperError(program, reasonOf(cause), cause);
  }
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // EPERM: a helper that runs as somebody else. There is nobody to report to, and its output is no longer read.
    if (!["ESRCH", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}

function helperError(program: string, why: string, cause?: unknown): SpackOciError {
  // Helpers print a message when they fail; what starts like an answer may hold the secret.
  const shown = /^\s*[{[]/.test(why) ? "its output is not shown" : why;
  const line = shown.trim().split("\n", 1)[0]?.slice(0, 200) ?? "";
  return new SpackOciError("ERR_OCI_CREDENTIAL_HELPER", `${program} failed: ${line || "no output"}.`, {
    kind: "denied",
    place: program,
    cause,
    hint: "Run the helper by hand, or remove it from docker's config.json.",
  });
}
