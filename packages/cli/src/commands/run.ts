// spack-oci run: runs a program in the environment of packages, which a mirror may have.

import { existsSync } from "node:fs";
import type { EnvResult, Run, Session, Verification } from "@spack-oci/buildcache";
import { SpackOciError } from "@spack-oci/errors";
import { defineCommand } from "../declaration/command.js";
import type { CommandContext } from "../declaration/command-context.js";
import { remainingArguments, text } from "../declaration/parameter.js";
import { FIRST_OPTION, installedIn, requireSpecs } from "../options/installed.js";
import { allMachinesOptions } from "../options/specs.js";
import { VERIFY_OPTIONS, verificationOf } from "../options/verification.js";
import { unpackProgram } from "../process/program-words.js";
import { packageErrors } from "../render/packages.js";

const NOTES = `\
Write: spack-oci run [mirror] <spec>... [options] -- <program> [argument...]

If the first word is a mirror, packages are pulled first: into the root, by
default into the user's own store, which is $XDG_DATA_HOME/spack-oci or
~/.local/share/spack-oci. The exit status is that of the program.`;

export const runCommand = defineCommand({
  name: "run",
  summary: "Run a program in the environment of packages.",
  examples: [
    { purpose: "Run a program of an installed package", line: "run hdf5 -- h5dump data.h5" },
    { purpose: "Pull a package, and run a program in it", line: "run mochi mofka -- mofkactl --help" },
  ],
  notes: NOTES,
  arguments: {
    words: remainingArguments("spec", "specs, maybe after a mirror that has them; then -- and the program"),
  },
  options: {
    root: text(
      "--root <dir>",
      "root of the install tree; default: Spack's own, or the user's if there is none",
    ),
    ...allMachinesOptions("choose from packages for all machines, not only those that this one can run"),
    first: FIRST_OPTION,
    ...VERIFY_OPTIONS,
  },
  async run(args, context) {
    rejectJson(context);
    const { words, root, allarch, otherarch, first } = args;
    const verification = verificationOf(args);
    const { mirror, specs, command } = readWords(words, context);
    const { session, run } = context;
    const machine = allarch || otherarch ? undefined : session.spack.machine;
    const { modifications } =
      mirror === undefined
        ? await fromStore({ specs, root: root ?? ownRoot(context), first }, context)
        : await fromMirror({ mirror, specs, root, machine, verification }, context);
    run.signal?.throwIfAborted();
    const { environmentAfter } = await import("../render/shell.js");
    const { runProgram } = await import("../process/run-program.js");
    const environment = environmentAfter(modifications, session.environmentVariables);
    return { json: null, lines: [], status: await runProgram(command, environment) };
  },
});

function rejectJson({ json }: CommandContext): void {
  if (!json) return;
  throw new SpackOciError(
    "ERR_USAGE",
    "The program writes to standard output, so there is no JSON document.",
    {
      kind: "usage",
      hint: "Leave out --json, or put it behind the -- for the program.",
    },
  );
}

/** @throws SpackOciError `ERR_USAGE` if there is no program, or no spec */
function readWords(words: readonly string[], { session }: CommandContext) {
  const { before, program } = unpackProgram(words);
  if (program.length === 0) {
    throw new SpackOciError("ERR_USAGE", "No program to run.", {
      kind: "usage",
      hint: "Write -- and the program after the specs: spack-oci run zlib -- make.",
    });
  }
  const [first = "", ...others] = before;
  const isMirror = others.length > 0 && session.mirrors.isMirror(first);
  const specs = isMirror ? others : before;
  requireSpecs(specs);
  return { mirror: isMirror ? first : undefined, specs, command: program };
}

/** The user's own store if there is no Spack; undefined for Spack's store. */
function ownRoot({ session }: CommandContext): string | undefined {
  if (session.spack.instanceIfAny !== undefined) return undefined;
  const root = session.stores.userRoot(session.environmentVariables);
  return existsSync(root) ? root : undefined;
}

interface StoreRequest {
  readonly specs: readonly string[];
  readonly root: string | undefined;
  readonly first: boolean;
}

async function fromStore({ specs, root, first }: StoreRequest, context: CommandContext): Promise<EnvResult> {
  const { session, run } = context;
  const { loadEnvironment } = await import("@spack-oci/buildcache");
  const { store, request } = await installedIn(session, root);
  return loadEnvironment({ ...request, specs, first }, { store, run });
}

interface MirrorRequest {
  readonly mirror: string;
  readonly specs: readonly string[];
  readonly root: string | undefined;
  readonly machine: Session["spack"]["machine"] | undefined;
  readonly verification: Verification;
}

/** @throws SpackOciError the first error of a package that could not be pulled */
async function fromMirror(request: MirrorRequest, { session, run }: CommandContext): Promise<EnvResult> {
  const { loadEnvironment, pull } = await import("@spack-oci/buildcache");
  const { mirror, specs, machine, verification } = request;
  const root = request.root ?? session.stores.userRoot(session.environmentVariables);
  const destination = await session.stores.destination({ root });
  const result = await pull(
    session.mirrors.open(mirror, "fetch", { verification }),
    { specs, machine, notes: session.cache },
    { store: destination, run: { ...run, listener: unlessNothingToDo(run.listener) } },
  );
  const [error] = packageErrors(result.packages);
  if (error !== undefined) throw error;
  const installed = await installedIn(session, root);
  // By hash, because other versions may have been pulled before.
  const hashes = result.roots.map((hash) => `/${hash}`);
  return loadEnvironment({ ...installed.request, specs: hashes }, { store: installed.store, run });
}

/** The program's own output should not begin with a line that says that nothing was pulled. */
function unlessNothingToDo(listener: Run["listener"]): Run["listener"] {
  return (event) => {
    if (event.type !== "planned" || event.todo > 0) listener?.(event);
  };
}
