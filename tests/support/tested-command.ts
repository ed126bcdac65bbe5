// Which command the tests run: that of the sources, unless SPACK_OCI_COMMAND names another one, such as an executable
// or a bundle.

import { fileURLToPath } from "node:url";

const fromSources = fileURLToPath(new URL("../../packages/cli/bin/spack-oci.cjs", import.meta.url));

/** The file that SPACK_OCI_COMMAND names; undefined to test the sources. */
export const otherCommand: string | undefined = process.env["SPACK_OCI_COMMAND"] || undefined;

/** The command's file. */
export const program: string = otherCommand ?? fromSources;

/** The program to start and its first arguments, for running a command's file. */
export function startOf(file: string = program): [file: string, ...args: string[]] {
  return /\.[cm]?js$/.test(file) ? [process.execPath, file] : [file];
}
