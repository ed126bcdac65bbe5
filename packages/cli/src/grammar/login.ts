// The arguments and options of spack-oci login and logout.

import type { Command } from "commander";
import type { LoginArguments } from "../commands/login.js";
import { type CommonOptions, command, type RunCommand } from "./common.js";

export function addLogin(program: Command, run: RunCommand): void {
  const registry = "HOST or HOST:PORT; oci+http://HOST for one without https";
  command(
    program,
    "login",
    "Check a password for a registry, and keep it where docker and podman find it too.",
  )
    .argument("<registry>", registry)
    .requiredOption(
      "-u, --username <name>",
      "who logs in; the password is asked for, or read from standard input",
    )
    .option(
      "--password-stdin",
      "read the password from standard input, as is done wherever that is no terminal",
    )
    .action((host: string, options: CommonOptions & LoginArguments, parsed: Command) =>
      run(parsed.optsWithGlobals(), async (context) => {
        const { loginCommand } = await import("../commands/login.js");
        return loginCommand({ ...options, registry: host }, context);
      }),
    );
  command(program, "logout", "Forget the password for a registry.")
    .argument("<registry>", registry)
    .action((host: string, _options: CommonOptions, parsed: Command) =>
      run(parsed.optsWithGlobals(), async (context) => {
        const { logoutCommand } = await import("../commands/login.js");
        return logoutCommand({ registry: host }, context);
      }),
    );
}
