// spack-oci login: checks and stores the credentials for a registry.

import { SpackOciError } from "@spack-oci/errors";
import { defineCommand } from "../declaration/command.js";
import { flag, requiredText } from "../declaration/parameter.js";
import { REGISTRY_ARGUMENT } from "../options/mirror.js";
import { EXIT_STATUS } from "../process/exit-status.js";
import type { CommandResult } from "../render/result.js";

export const loginCommand = defineCommand({
  name: "login",
  summary: "Check a registry password and store it where docker and podman find it too.",
  arguments: { registry: REGISTRY_ARGUMENT },
  options: {
    username: requiredText(
      "-u, --username <name>",
      "username; the password is prompted for, or read from standard input",
    ),
    // The password is never an argument: other users can see those.
    passwordStdin: flag(
      "--password-stdin",
      "read the password from standard input; the default if it is not a terminal",
    ),
  },
  async run({ registry, username }, { session, readSecret }) {
    const password = await readSecret(`Password for ${username} at ${registry}: `);
    if (password === "") throw noPassword();
    const { login } = await import("@spack-oci/buildcache");
    const { place, plaintext } = await login(registry, { username, password }, session);
    return renderLogin({ registry, username, place, plaintext });
  },
});

function noPassword(): SpackOciError {
  return new SpackOciError("ERR_NO_PASSWORD", "No password given.", {
    kind: "usage",
    hint: "Type it at the prompt, or pipe it to standard input.",
  });
}

/** Where a password is stored. */
interface StoredLogin {
  readonly registry: string;
  readonly username: string;
  readonly place: string;
  readonly plaintext: boolean;
}

export function renderLogin(stored: StoredLogin): CommandResult {
  const { registry, username, place, plaintext } = stored;
  const how = plaintext ? `${place}, readable only by you` : place;
  return {
    json: { registry, username, place, plaintext },
    lines: [`Logged in to ${registry} as ${username}; the password is stored in ${how}.`],
    status: EXIT_STATUS.done,
  };
}
