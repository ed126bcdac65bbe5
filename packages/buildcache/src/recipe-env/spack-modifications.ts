// Has Spack compute the environment of installed packages as single steps, because only Spack can run recipes.

import { SpackOciError } from "@spack-oci/errors";
import type { EnvironmentModification } from "../image-env/modifications.js";
import { spackProgram } from "./spack-program.js";
import type { RunPython } from "./spack-query.js";

/** Does what `spack load` does up to the shell (Spack: cmd/load.py). */
const PROGRAM = spackProgram(`
import spack.store, spack.user_environment

KINDS = {
    "SetEnv": "set", "SetPath": "set", "UnsetEnv": "unset", "AppendFlagsEnv": "append-flags",
    "RemoveFlagsEnv": "remove-flags", "AppendPath": "append-path", "PrependPath": "prepend-path",
    "RemoveFirstPath": "remove-first-path", "RemoveLastPath": "remove-last-path", "RemovePath": "remove-path",
    "DeprioritizeSystemPaths": "deprioritize-system-paths", "PruneDuplicatePaths": "prune-duplicate-paths",
}

def step(mod):
    return {
        "kind": KINDS[type(mod).__name__], "name": mod.name,
        "value": getattr(mod, "value", ""), "separator": mod.separator,
    }

def respond(request):
    with spack.store.use_store(request["store"], {"padded_length": False}):
        with spack.store.STORE.db.read_transaction():
            specs = [spack.store.STORE.db.query_by_spec_hash(h)[1].spec for h in request["roots"]]
            steps = spack.user_environment.environment_modifications_for_specs(*specs)
            return [step(mod) for mod in steps]
`);

/** Packages in a store. */
export interface LoadedPackages {
  /** The directory that holds `.spack-db`. */
  readonly storeRoot: string;
  /** DAG hashes. */
  readonly roots: readonly string[];
}

/** @throws SpackOciError `ERR_SPACK_ANSWER` if Spack prints anything else, and as `run` does */
export async function modificationsFromSpack(
  run: RunPython,
  { storeRoot, roots }: LoadedPackages,
  signal?: AbortSignal,
): Promise<readonly EnvironmentModification[]> {
  const answer = await run(PROGRAM, JSON.stringify({ store: storeRoot, roots }), signal);
  try {
    return JSON.parse(answer) as readonly EnvironmentModification[];
  } catch (cause) {
    throw new SpackOciError("ERR_SPACK_ANSWER", "Spack did not return the environment of the packages.", {
      kind: "failed",
      hint: "Run `spack load` to see why.",
      cause,
    });
  }
}
