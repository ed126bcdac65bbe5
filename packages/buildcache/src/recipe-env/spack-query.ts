// Has Spack compute the environments of all images in one call, because only Spack can run recipes.

import { SpackOciError } from "@spack-oci/errors";
import { spackProgram } from "./spack-program.js";

/** An image whose environment is requested. */
interface EnvironmentRequest {
  /** DAG hashes of the packages that the image is for. */
  readonly roots: readonly string[];
  /** Variables of the base image as `NAME=VALUE`. */
  readonly base: readonly string[];
}

/** The environment as `NAME=VALUE`, or the reason why Spack could not compute it. */
type EnvironmentAnswer = { readonly environment: readonly string[] } | { readonly error: string };

/** Answers in the order of the requests; `storeRoot` is the directory that holds `.spack-db`. */
export type SpackQuery = (
  storeRoot: string,
  questions: readonly EnvironmentRequest[],
  signal?: AbortSignal,
) => Promise<readonly EnvironmentAnswer[]>;

/** Runs a Python program in Spack with the given standard input, and returns its standard output. */
export type RunPython = (program: string, input: string, signal?: AbortSignal) => Promise<string>;

/**
 * Does what Spack's own push does (Spack: binary_distribution.py, `_oci_put_manifest`). A failing recipe affects only
 * the answers for its images.
 */
const PROGRAM = spackProgram(`
import spack.store, spack.user_environment

def environment(question):
    records = [spack.store.STORE.db.query_by_spec_hash(h)[1] for h in question["roots"]]
    if None in records:
        raise RuntimeError("its database has no such package")
    variables = dict(entry.split("=", 1) for entry in question["base"])
    specs = [record.spec for record in records]
    spack.user_environment.environment_modifications_for_specs(*specs).apply_modifications(variables)
    return ["%s=%s" % entry for entry in variables.items()]

def answer(question):
    try:
        return {"environment": environment(question)}
    except (Exception, SystemExit) as e:
        return {"error": "%s: %s" % (type(e).__name__, e)}

def respond(request):
    with spack.store.use_store(request["store"], {"padded_length": False}):
        with spack.store.STORE.db.read_transaction():
            return [answer(question) for question in request["images"]]
`);

/** @throws SpackOciError `ERR_SPACK_ANSWER` if Spack prints anything else, and as `run` does */
export function spackQueryThrough(run: RunPython): SpackQuery {
  return async (storeRoot, questions, signal) => {
    const text = await run(PROGRAM, JSON.stringify({ store: storeRoot, images: questions }), signal);
    const answers = parseAnswers(text);
    if (answers?.length === questions.length) return answers;
    throw new SpackOciError("ERR_SPACK_ANSWER", "Spack did not return the environments of the images.", {
      kind: "failed",
      hint: "Leave out --run-environment=spack.",
    });
  };
}

function parseAnswers(text: string): readonly EnvironmentAnswer[] | undefined {
  try {
    return JSON.parse(text) as readonly EnvironmentAnswer[];
  } catch {
    return undefined; // The caller knows the expected shape.
  }
}
