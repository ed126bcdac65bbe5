// spack-oci install: `spack install --cache-only`, from the configured buildcaches.

import { SpackOciError } from "@spack-oci/errors";
import { defineCommand } from "../declaration/command.js";
import { flag, naming, remainingArguments, text } from "../declaration/parameter.js";
import { dryRunOption } from "../options/common.js";
import { configuredMirrors, firstWithEverything } from "../options/configured-mirrors.js";
import { INSTALL_TREE_OPTIONS } from "../options/install-tree.js";
import { allMachinesOptions, specRequest } from "../options/specs.js";
import { VERIFY_OPTIONS, verificationOf } from "../options/verification.js";
import { renderPull } from "./pull.js";

const NOTE = `\
Like "spack-oci pull", but from the mirrors in Spack's configuration: everything
comes from the first one that has it all. Nothing is ever built.`;

/** An option of Spack that says what always happens here. */
const asAlways = (flags: string) => flag(flags, "accepted for compatibility with Spack").hideHelp();

export const installCommand = defineCommand({
  name: "install",
  summary: "Install packages from the configured buildcaches.",
  examples: [
    { purpose: "Install zlib and its dependencies", line: "install zlib" },
    { purpose: "Install the packages of an environment", line: "-e tests install" },
  ],
  arguments: {
    specs: naming(
      "package",
      remainingArguments("spec", "spec in Spack syntax; default: the packages of the active environment"),
    ),
  },
  options: {
    root: text("--root <dir>", "root of a separate install tree; default: Spack's own"),
    ...INSTALL_TREE_OPTIONS,
    ...allMachinesOptions("choose from packages for all machines, not only those that this one can run"),
    force: flag("-f, --force", "reinstall named packages that are already installed"),
    overwrite: flag("--overwrite", "the same as --force, as in Spack"),
    ...VERIFY_OPTIONS,
    noCheckSignature: flag("--no-check-signature", "the same as --no-verify, as in Spack"),
    dryRun: dryRunOption("what would be installed"),
    unsigned: asAlways("-u, --unsigned"),
    cacheOnly: asAlways("--cache-only"),
    yes: asAlways("-y, --yes-to-all"),
  },
  notes: NOTE,
  async run(args, context) {
    const { pull } = await import("@spack-oci/buildcache");
    const { session, run } = context;
    const { root, paddedLength, projections, dryRun } = args;
    const request = await specRequest(args.specs, session);
    if (request.specs.length === 0 && request.environment === undefined) throw nothingNamed();
    const machine = args.allarch || args.otherarch ? undefined : session.spack.machine;
    const noVerify = args.noVerify || args.noCheckSignature;
    const mirrors = configuredMirrors(context, verificationOf({ ...args, noVerify }));
    const store = await session.stores.destination({ root, paddedLength, projections });
    const force = args.force || args.overwrite;
    const result = await firstWithEverything(mirrors, (mirror) =>
      pull(mirror, { ...request, machine, force, dryRun, notes: session.cache }, { store, run }),
    );
    return renderPull(result, request, dryRun);
  },
});

/** As in Spack, where it would otherwise mean everything that any mirror has. */
function nothingNamed(): SpackOciError {
  return new SpackOciError("ERR_USAGE", "No package is named, and no environment is active.", {
    kind: "usage",
    hint: 'Name packages, or an environment with "-e NAME". "spack-oci pull MIRROR" installs all packages of a mirror.',
  });
}
