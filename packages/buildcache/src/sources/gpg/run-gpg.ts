// Runs GnuPG, as Spack does: the gpg on PATH, in a home directory of its own.

import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { SpackOciError } from "@spack-oci/errors";

export interface GpgRequest {
  /** `GNUPGHOME`; if undefined, that of the user. */
  readonly home: string | undefined;
  /** What it reads from its standard input. */
  readonly input?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface GpgRun {
  readonly exitStatus: number | null;
  readonly stdout: Buffer;
  /** What went wrong, for people. */
  readonly stderr: string;
  /** The lines of `--status-fd` without their prefix (GnuPG: doc/DETAILS). */
  readonly status: readonly string[];
}

/** @throws SpackOciError `ERR_GPG_MISSING` (`unsupported`) */
export async function runGpg(args: readonly string[], { home, input, signal }: GpgRequest): Promise<GpgRun> {
  const env = home === undefined ? process.env : { ...process.env, GNUPGHOME: home };
  const child = spawn("gpg", ["--batch", "--status-fd", "3", ...args], {
    env,
    signal,
    stdio: ["pipe", "pipe", "pipe", "pipe"],
  });
  const [stdin, stdout, stderr, status] = child.stdio as unknown as [Writable, Readable, Readable, Readable];
  // It may end without having read everything.
  stdin.on("error", () => {});
  stdin.end(input ?? "");
  const outputs = Promise.all([buffer(stdout), text(stderr), text(status)]);
  try {
    const [[exitStatus], [bytes, messages, lines]] = await Promise.all([once(child, "close"), outputs]);
    return { exitStatus, stdout: bytes, stderr: messages.trim(), status: statusIn(lines) };
  } catch (error) {
    outputs.catch(() => {});
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new SpackOciError("ERR_GPG_MISSING", "There is no gpg on PATH.", {
      kind: "unsupported",
      place: "gpg",
      cause: error,
      hint: "Install GnuPG 2, or copy with --no-check-signature.",
    });
  }
}

function statusIn(lines: string): string[] {
  return [...lines.matchAll(/^\[GNUPG:\] (.*)$/gm)].map(([, line = ""]) => line);
}
