// The files of a Spack instance that matter here: a version and the default configuration, without any Python.

import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { fixture } from "./fixtures.js";
import { scratchDirectory } from "./scratch.js";

const etc = fileURLToPath(new URL("../fixtures/oracles/config/01-defaults-only/spack/etc", import.meta.url));

/** A directory with an instance, an environment, and optional scopes. */
export interface SpackPlace {
  /** The value of `SPACK_ROOT`. */
  readonly root: string;
  /** The producer's environment: its manifest and its lock file. */
  readonly environment: string;
  /** Environment variables for the command line. */
  readonly variables: NodeJS.ProcessEnv;
  /** Writes a configuration scope and returns its directory, for `-C`. */
  scope(files: Record<string, string>): string;
}

export function spackPlace(): SpackPlace {
  const directory = scratchDirectory("spack");
  const root = join(directory, "spack");
  write(join(root, "lib/spack/spack/__init__.py"), '__version__ = "1.2.0.dev0"\n');
  write(join(root, "bin/spack"), "#!/bin/sh\nexit 1\n");
  cpSync(etc, join(root, "etc"), { recursive: true });
  const environment = join(directory, "environment");
  for (const name of ["spack.yaml", "spack.lock"]) {
    cpSync(fixture(`producer/${name}`), join(environment, name));
  }
  let scopes = 0;
  return {
    root,
    environment,
    variables: { HOME: join(directory, "home"), SPACK_ROOT: root, SPACK_DISABLE_LOCAL_CONFIG: "1" },
    scope(files) {
      scopes += 1;
      const scope = join(directory, `scope-${scopes}`);
      for (const [name, text] of Object.entries(files)) write(join(scope, name), text);
      return scope;
    },
  };
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
