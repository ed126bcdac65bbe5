// spack-oci login: checks and stores the credentials for a registry.

import { SpackOciError } from "@spack-oci/errors";
import { defineCommand } from "../declaration/command.js";
import { flag, text } from "../declaration/parameter.js";
import { REGISTRY_ARGUMENT } from "../options/mirror.js";
import { EXIT_STATUS } from "../process/exit-status.js";
import type { CommandResult } from "../render/result.js";

export const loginCommand = defineCommand({
  name: "login",
  summary: "Check a registry password and store it where docker and podman find it too.",
  examples: [
    { purpose: "Log in, and type the password", line: "login ghcr.io -u me" },
    { purpose: "Log in from a script", line: "login ghcr.io -u me --password-stdin < token" },
  ],
  arguments: { registry: REGISTRY_ARGUMENT },
  options: {
    username: text(
      "-u, --username <name>",
      "username; prompted for if left out, and so is the password unless it comes from standard input",
    ),
    // The password is never an argument: other users can see those.
    passwordStdin: flag(
      "--password-stdin",
      "read the password from standard input; the default if it is not a terminal",
    ),
  },
  async run({ registry: named, username: given, passwordStdin }, { session, readSecret, prompt }) {
    const { login, registryOf } = await import("@spack-oci/buildcache");
    // Checked before anything is typed, so that no password is typed in vain.
    const registry = registryOf(named, session);
    const ask = passwordStdin ? undefined : prompt;
    const username = given ?? (await ask?.(`Username at ${registry}: `));
    if (username === undefined) throw noUsername(passwordStdin);
    if (username === "") throw emptyUsername();
    const password = await readSecret(`Password for ${username} at ${registry}: `);
    if (password === "") throw noPassword();
    const { place, plaintext, mirrors } = await login(registry, { username, password }, session);
    return renderLogin({ registry, username, place, plaintext, mirrors });
  },
});

function noUsername(passwordStdin: boolean): SpackOciError {
  const why = passwordStdin
    ? "and --password-stdin reads standard input for the password alone"
    : "and there is no terminal to ask on";
  return new SpackOciError("ERR_NO_USERNAME", `No username given, ${why}.`, {
    kind: "usage",
    hint: passwordStdin
      ? "Add -u NAME, as in: echo $TOKEN | spack-oci login HOST -u NAME --password-stdin; without --password-stdin, both are prompted for."
      : "Add -u NAME; standard input is only read for the password.",
  });
}

function emptyUsername(): SpackOciError {
  return new SpackOciError("ERR_NO_USERNAME", "No username given.", {
    kind: "usage",
    hint: "Type it at the prompt, or add -u NAME.",
  });
}

function noPassword(): SpackOciError {
  return new SpackOciError("ERR_NO_PASSWORD", "No password given.", {
    kind: "usage",
    hint: "Type it at the prompt, or pipe it to standard input.",
  });
}

/** Where a password is stored, and the names of mirrors that need it. */
interface LoginOutcome {
  readonly registry: string;
  readonly username: string;
  readonly place: string;
  readonly plaintext: boolean;
  readonly mirrors: readonly string[];
}

export function renderLogin(outcome: LoginOutcome): CommandResult {
  const { registry, username, place, plaintext, mirrors } = outcome;
  const how = plaintext ? `${place}, readable only by you` : place;
  return {
    json: { registry, username, place, plaintext, mirrors },
    lines: [
      `Logged in to ${registry} as ${username}; the password is stored in ${how}.`,
      ...(mirrors.length === 0
        ? [`Name a buildcache there: spack-oci mirror add NAME ${urlAt(registry)}`]
        : []),
    ],
    status: EXIT_STATUS.done,
  };
}

/** How a mirror at a registry is written, whichever way the registry was named. */
function urlAt(registry: string): string {
  const [, scheme = "", host = ""] = /^(?:(.*):\/\/)?([^/]*)/.exec(registry) ?? [];
  return `${scheme === "oci+http" || scheme === "http" ? "oci+http" : "oci"}://${host}/PATH`;
}
