// spack-oci login: checks credentials for a registry, and keeps them.

import { SpackOciError } from "@spack-oci/errors";
import { defineCommand } from "../declaration/command.js";
import { flag, requiredText } from "../declaration/parameter.js";
import { REGISTRY_ARGUMENT } from "../options/registry.js";
import { exitStatus } from "../process/exit-status.js";
import type { CommandResult } from "../render/result.js";

export const loginCommand = defineCommand({
  name: "login",
  summary: "Check a password for a registry, and keep it where docker and podman find it too.",
  arguments: { registry: REGISTRY_ARGUMENT },
  options: {
    username: requiredText(
      "-u, --username <name>",
      "who logs in; the password is asked for, or read from standard input",
    ),
    // Never an option with a value: others see the arguments of processes.
    passwordStdin: flag(
      "--password-stdin",
      "read the password from standard input, as is done wherever that is no terminal",
    ),
  },
  async run({ registry, username }, { session, readSecret }) {
    const password = await readSecret(`Password of ${username} for ${registry}: `);
    if (password === "") throw noPassword();
    const { login } = await import("@spack-oci/buildcache");
    const { place, plaintext } = await login(registry, { username, password }, session);
    return renderLogin({ registry, username, place, plaintext });
  },
});

function noPassword(): SpackOciError {
  return new SpackOciError("ERR_NO_PASSWORD", "No password was given.", {
    kind: "usage",
    hint: "Type it where it is asked for, or send it to standard input.",
  });
}

/** Where a password is kept. */
interface StoredLogin {
  readonly registry: string;
  readonly username: string;
  readonly place: string;
  readonly plaintext: boolean;
}

export function renderLogin(stored: StoredLogin): CommandResult {
  const { registry, username, place, plaintext } = stored;
  const how = plaintext ? `${place}, which only you can read` : place;
  return {
    json: { registry, username, place, plaintext },
    lines: [`Logged in to ${registry} as ${username}; the password is kept in ${how}.`],
    status: exitStatus.done,
  };
}
