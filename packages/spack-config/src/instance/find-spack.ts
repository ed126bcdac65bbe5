// Finding the Spack instance to work with, and its version, from files alone.

import { existsSync, readFileSync, realpathSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { SpackOciError } from "@spack-oci/errors";
import type { ProcessEnvironment } from "../host/host.js";

/** Where to look for an instance. */
export interface FindSpackOptions {
  /** The root that the user names. */
  readonly spackRoot?: string | undefined;
  readonly env: ProcessEnvironment;
  readonly cwd: string;
}

/**
 * The root of the instance: the one that is named, else that of `SPACK_ROOT`, else that of the `spack` on `PATH`.
 *
 * @throws SpackOciError `ERR_SPACK_NOT_FOUND` when there is none.
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
  throw new SpackOciError("ERR_SPACK_NOT_FOUND", "there is no Spack instance: no `spack` on PATH", {
    kind: "not-found",
    hint: "Source Spack's setup-env.sh, set SPACK_ROOT, or give --spack-root.",
  });
}

/**
 * The version of the instance, such as `1.2.0.dev0`.
 *
 * Source: `lib/spack/spack/__init__.py`, `__version__`.
 *
 * @throws SpackOciError `ERR_SPACK_VERSION` when its files do not tell.
 */
export function readSpackVersion(spackRoot: string): string {
  const file = versionFile(spackRoot);
  const version = /^__version__\s*=\s*["']([^"']+)["']/m.exec(readFileSync(file, "utf8"))?.[1];
  if (version !== undefined) return version;
  throw new SpackOciError("ERR_SPACK_VERSION", `${file}: there is no version of Spack in it`, {
    kind: "unsupported",
    place: file,
    hint: "Spack 0.21 and later are supported.",
  });
}

function checkedRoot(root: string, origin: string): string {
  if (isSpackRoot(root)) return root;
  throw new SpackOciError("ERR_SPACK_NOT_FOUND", `${root}: no Spack instance (from ${origin})`, {
    kind: "not-found",
    place: root,
    hint: "Name the directory that holds bin/spack.",
  });
}

function isSpackRoot(root: string): boolean {
  return existsSync(versionFile(root));
}

function versionFile(spackRoot: string): string {
  return join(spackRoot, "lib/spack/spack/__init__.py");
}
