// The step of the action that puts spack-oci on PATH for it and for later steps.

import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { workflowCommand } from "./escape.mjs";
import { appendValues } from "./outputs.mjs";

const { RUNNER_TEMP, GITHUB_PATH, GITHUB_ENV, SPACK_OCI_CACHE, VERSION = "" } = process.env;

try {
  appendFileSync(GITHUB_PATH, `${install(VERSION.trim())}\n`);
  // A place of its own, which the next step can keep between runs.
  if (!SPACK_OCI_CACHE) appendValues(GITHUB_ENV, { SPACK_OCI_CACHE: join(RUNNER_TEMP, "spack-oci-cache") });
} catch (error) {
  console.log(workflowCommand("error", { title: "spack-oci", message: error.message }));
  process.exitCode = 1;
}

/** @returns the directory of the command */
function install(version) {
  const file = /^file:(.+)$/.exec(version)?.[1];
  if (file === undefined && !/^[\w.+~^-]+$/.test(version))
    throw new Error(`The input version is "${version}". Write a version, latest, or file:PATH.`);
  if (file !== undefined && !existsSync(file))
    throw new Error(`The input version names ${file}, which does not exist.`);
  return file?.endsWith(".cjs") ? linkBundle(resolve(file)) : installPackage(file ?? `spack-oci@${version}`);
}

function linkBundle(bundle) {
  const directory = join(RUNNER_TEMP, "spack-oci-command");
  mkdirSync(directory, { recursive: true });
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const script = `#!/bin/sh\nexec ${quoted(process.execPath)} ${quoted(bundle)} "$@"\n`;
  writeFileSync(join(directory, "spack-oci"), script, { mode: 0o755 });
  return directory;
}

function installPackage(specifier) {
  const directory = join(RUNNER_TEMP, `spack-oci-${specifier.replaceAll(/[^\w.-]/g, "-")}`);
  const commands = join(directory, "node_modules", ".bin");
  // An earlier step of this job has installed it.
  if (existsSync(join(commands, "spack-oci"))) return commands;
  const args = ["install", "--prefix", directory, "--no-audit", "--no-fund", "--no-save", specifier];
  const { status, error } = spawnSync("npm", args, { stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0)
    throw new Error(`npm could not install ${specifier}${error ? `: ${error.message}` : ""}.`);
  return commands;
}
