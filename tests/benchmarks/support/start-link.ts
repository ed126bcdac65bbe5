// Starts a slow link to a registry.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("link.mjs", import.meta.url));

/** The speed of a link. */
export interface LinkSpeed {
  /** Milliseconds. */
  readonly roundTrip: number;
  readonly megabits: number;
}

/** A running link. */
export interface Link {
  /** The near end of the link; `port` is the far end. */
  readonly host: string;
  stop(): Promise<void>;
}

/** Starts a link to a port of this machine. */
export async function startLink(port: number, { roundTrip, megabits }: LinkSpeed): Promise<Link> {
  const child = spawn(process.execPath, [program, port, roundTrip, megabits].map(String), {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return {
    host: `127.0.0.1:${Number(line.toString())}`,
    stop: async () => {
      const ended = once(child, "exit");
      child.stdin.end();
      await ended;
    },
  };
}
