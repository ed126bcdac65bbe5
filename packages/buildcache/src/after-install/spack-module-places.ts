// Asks Spack, in one call, where module files are that depend on what recipes do.

import { SpackOciError } from "@spack-oci/errors";
import type { ModulePlace } from "@spack-oci/spack-modules";
import { spackProgram } from "../recipe-env/spack-program.js";
import type { ModuleTask } from "./module-task.js";
import type { SpackSurroundings } from "./spack-module-files.js";

/** A recipe that fails affects only its own files. */
const PROGRAM = spackProgram(`
import sys
import spack.modules, spack.store

def find(item):
    try:
        _, record = spack.store.STORE.db.query_by_spec_hash(item["hash"])
        writer = spack.modules.module_types[item["system"]](record.spec, item["set"], record.explicit)
        is_default = any(record.spec.satisfies(default) for default in writer.conf.defaults)
        return {"hash": item["hash"], "system": item["system"], "path": writer.layout.filename,
                "name": writer.layout.use_name, "isDefault": is_default}
    except (Exception, SystemExit) as e:
        print("%s: %s: %s" % (item["hash"], type(e).__name__, e), file=sys.stderr)
        return None

def respond(request):
    with spack.store.STORE.db.read_transaction():
        return [find(item) for item in request]
`);

/** @throws SpackOciError `ERR_SPACK_ANSWER` for an answer that is not complete, and the errors of `runPython` */
export async function findThroughSpack(
  tasks: readonly ModuleTask[],
  { runPython, signal }: SpackSurroundings,
): Promise<readonly (ModulePlace & { readonly hash: string })[]> {
  const items = tasks.map(({ tree, node }) => ({ hash: node.hash, set: tree.set.name, system: tree.system }));
  const text = await runPython(PROGRAM, JSON.stringify(items), signal);
  try {
    const answers = JSON.parse(text) as readonly ((ModulePlace & { readonly hash: string }) | null)[];
    return answers.filter((answer) => answer !== null);
  } catch (cause) {
    throw new SpackOciError("ERR_SPACK_ANSWER", "Spack did not answer.", {
      kind: "failed",
      hint: "Run `spack module lmod rm` for these packages, or remove their module files.",
      cause,
    });
  }
}
