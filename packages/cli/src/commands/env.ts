// spack-oci env: prints what a shell evaluates to use installed packages, like `spack load`.

import { SpackOciError } from "@spack-oci/errors";
import { defineCommand } from "../declaration/command.js";
import { flag } from "../declaration/parameter.js";
import { installRootOption } from "../options/install-tree.js";
import { FIRST_OPTION, installedIn, requireSpecs } from "../options/installed.js";
import { NAMED_SPECS_ARGUMENT } from "../options/specs.js";
import { packageToJson } from "../render/packages.js";

const NOTES = `\
Evaluate the output in sh, bash and zsh, pipe it to source in fish, or append it
to a file in GitHub Actions:

  eval "$(spack-oci env SPEC)"
  spack-oci env --fish SPEC | source
  spack-oci env --github SPEC >> "$GITHUB_ENV"`;

export const envCommand = defineCommand({
  name: "env",
  summary: "Print commands that add installed packages to a shell's environment.",
  examples: [
    { purpose: "Print what a shell evaluates to use a package", line: "env mofka --root $HOME/software" },
    { purpose: "The way back, in fish", line: "env --unload mofka --root $HOME/software --fish" },
  ],
  notes: NOTES,
  arguments: { specs: NAMED_SPECS_ARGUMENT },
  options: {
    root: installRootOption("search"),
    sh: flag("--sh", "for sh, bash and zsh (default)"),
    csh: flag("--csh", "for csh and tcsh"),
    fish: flag("--fish", "for fish"),
    github: flag("--github", "for the file $GITHUB_ENV of GitHub Actions"),
    unload: flag(
      "--unload",
      "take packages out of the environment again; without specs, all that are loaded",
    ),
    first: FIRST_OPTION,
  },
  async run({ specs, root, unload, first, ...formats }, { session, run }) {
    const format = onlyFormat(formats);
    if (!unload) requireSpecs(specs);
    const { LOADED_HASHES, loadEnvironment, unloadEnvironment } = await import("@spack-oci/buildcache");
    const { changedVariables, shellCommands } = await import("../render/shell.js");
    const { githubEnvironment } = await import("../render/github-environment.js");
    const { environmentVariables } = session;
    const { store, request } = await installedIn(session, root);
    const loaded = new Set((environmentVariables[LOADED_HASHES] ?? "").split(":"));
    const context = { store, run };
    const { packages, modifications } = unload
      ? await unloadEnvironment({ ...request, specs, among: loaded }, context)
      : await loadEnvironment({ ...request, specs, first }, context);
    const variables = changedVariables(modifications, environmentVariables);
    return {
      json: {
        packages: packages.map(packageToJson),
        variables: Object.fromEntries(variables.map(([name, value]) => [name, value ?? null])),
        modifications,
      },
      lines: format === "github" ? githubEnvironment(variables) : shellCommands(format, variables),
      status: 0,
    };
  },
});

const FORMATS = ["sh", "csh", "fish", "github"] as const;
type Format = (typeof FORMATS)[number];

/** @throws SpackOciError `ERR_USAGE` if there are several */
function onlyFormat(chosen: Readonly<Record<Format, boolean>>): Format {
  const [format = "sh", other] = FORMATS.filter((each) => chosen[each]);
  if (other === undefined) return format;
  throw new SpackOciError("ERR_USAGE", `--${format} and --${other} contradict each other.`, {
    kind: "usage",
    hint: "Leave one of them out.",
  });
}
