// spack-oci login and logout: credentials for a registry.

import { login, logout } from "@spack-oci/buildcache";
import { SpackOciError } from "@spack-oci/errors";
import { exitStatus } from "../exit-status.js";
import type { CommandContext, CommandResult } from "./command-context.js";

export interface LoginArguments {
  readonly registry: string;
  readonly username: string;
}

/** The password never is an argument, because others see those. */
export async function loginCommand(args: LoginArguments, context: CommandContext): Promise<CommandResult> {
  const { registry, username } = args;
  const password = await context.readSecret(`Password of ${username} for ${registry}: `);
  if (password === "") {
    throw new SpackOciError("ERR_NO_PASSWORD", "No password was given.", {
      kind: "usage",
      hint: "Type it where it is asked for, or send it to standard input.",
    });
  }
  const { place, plaintext } = await login(context.session, registry, { username, password });
  const how = plaintext ? `${place}, which only you can read` : place;
  return {
    json: { registry, username, place, plaintext },
    lines: [`Logged in to ${registry} as ${username}; the password is kept in ${how}.`],
    status: exitStatus.done,
  };
}

export async function logoutCommand(
  { registry }: Pick<LoginArguments, "registry">,
  context: CommandContext,
): Promise<CommandResult> {
  const stored = await logout(context.session, registry);
  return {
    json: { registry, place: stored?.place ?? null },
    lines: [
      stored === undefined
        ? `There was no password for ${registry}.`
        : `Removed the password for ${registry} from ${stored.place}.`,
    ],
    status: exitStatus.done,
  };
}
