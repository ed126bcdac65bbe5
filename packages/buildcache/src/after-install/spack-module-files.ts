// Has Spack write module files, in one call, because only Spack can run recipes and render templates.

import { isSpackOciError } from "@spack-oci/errors";
import { spackProgram } from "../recipe-env/spack-program.js";
import type { RunPython } from "../recipe-env/spack-query.js";
import type { ModuleTask, TaskOutcome } from "./module-task.js";

/** What Spack needs to know about a store. */
export interface SpackSurroundings {
  readonly runPython: RunPython;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Does what Spack's own hook does (Spack: hooks/module_file_generation.py). A recipe that fails affects only its own
 * file.
 */
const PROGRAM = spackProgram(`
import os
import spack.modules, spack.store

def write(item):
    try:
        _, record = spack.store.STORE.db.query_by_spec_hash(item["hash"])
        writer = spack.modules.module_types[item["system"]](record.spec, item["set"], item["explicit"])
        if writer.conf.excluded:
            return {"outcome": "excluded"}
        path = writer.layout.filename
        existed = os.path.exists(path)
        writer.write()
        return {"outcome": "exists" if existed else "written", "path": path}
    except (Exception, SystemExit) as e:
        return {"outcome": "left", "reason": "%s: %s" % (type(e).__name__, e)}

def respond(request):
    with spack.store.STORE.db.read_transaction():
        return [write(item) for item in request]
`);

/** Outcomes in the order of the tasks; `left` for all of them if Spack cannot run. */
export async function writeThroughSpack(
  tasks: readonly ModuleTask[],
  { runPython, signal }: SpackSurroundings,
): Promise<readonly TaskOutcome[]> {
  const items = tasks.map(({ tree, node }) => ({
    hash: node.hash,
    set: tree.set.name,
    system: tree.system,
    explicit: tree.surroundings.isExplicit(node),
  }));
  const all = (reason: string) => tasks.map((): TaskOutcome => ({ outcome: "left", reason }));
  try {
    const answers = parseAnswers(await runPython(PROGRAM, JSON.stringify(items), signal));
    return answers?.length === tasks.length ? answers : all("Spack did not answer");
  } catch (error) {
    if (!isSpackOciError(error)) throw error;
    return all(error.message);
  }
}

function parseAnswers(text: string): readonly TaskOutcome[] | undefined {
  try {
    return JSON.parse(text) as readonly TaskOutcome[];
  } catch {
    return undefined; // The caller knows the expected shape.
  }
}
