// Finds the Spack instance and its version without running it.

import { existsSync, readFileSync, realpathSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { SpackOciError } from "@spack-oci/errors";
import type { ProcessEnvironment } from "../host/host.js";

/** Where to look for an instance. */
export interface FindSpackOptions {
  /** The root given by the user. */
  readonly spackRoot?: string | undefined;
  readonly env: ProcessEnvironment;
  readonly cwd: string;
}

/**
 * The root of the instance: the given one, else that of `SPACK_ROOT`, else that of the `spack` on `PATH`.
 *
 * @throws SpackOciError `ERR_SPACK_NOT_FOUND` if there is none.
 */
export function findSpackRoot({ spackRoot, env, cwd }: FindSpackOptions): string {
  const named = spackRoot || env["SPACK_ROOT"];
  if (named) return checkedRoot(resolve(cwd, named), spackRoot ? "--spack-root" : "SPACK_ROOT");
  for (const directory of (env["PATH"] ?? "").split(delimiter)) {
    const program = join(resolve(cwd, directory), "spack");
    if (!existsSync(program)) continue;
    const root = dirname(dirname(realpathSync(program)));
    if (isSpackRoot(root)) return root;
  }
  throw new SpackOciError(
    "ERR_SPACK_NOT_FOUND",
    "No Spack installation found: there is no `spack` on PATH.",
    {
      kind: "not-found",
      hint: "Source Spack's setup-env.sh, set SPACK_ROOT, or use --spack-root.",
    },
  );
}

/**
 * The version of the instance, such as `1.2.0.dev0`.
 *
 * Source: `lib/spack/spack/__init__.py`, `__version__`.
 *
 * @throws SpackOciError `ERR_SPACK_VERSION` if the version is unknown.
 */
export function readSpackVersion(spackRoot: string): string {
  const file = versionFile(spackRoot);
  const version = /^__version__\s*=\s*["']([^"']+)["']/m.exec(readFileSync(file, "utf8"))?.[1];
  if (version !== undefined) return version;
  throw new SpackOciError("ERR_SPACK_VERSION", `${file} does not contain Spack's version.`, {
    kind: "unsupported",
    place: file,
    hint: "Spack 0.21 and later are supported.",
  });
}

function checkedRoot(root: string, origin: string): string {
  if (isSpackRoot(root)) return root;
  throw new SpackOciError("ERR_SPACK_NOT_FOUND", `${root} (from ${origin}) is not a Spack installation.`, {
    kind: "not-found",
    place: root,
    hint: "Give the directory that contains bin/spack.",
  });
}

function isSpackRoot(root: string): boolean {
  return existsSync(versionFile(root));
}

function versionFile(spackRoot: string): string {
  return join(spackRoot, "lib/spack/spack/__init__.py");
}
