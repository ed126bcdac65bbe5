// Describes the machine and the versions of all programs.

import { execFileSync } from "node:child_process";
import { availableParallelism, cpus, release, totalmem } from "node:os";
import { onPath } from "../../support/on-path.js";
import { missingPrograms } from "../support/programs.js";
import { spackOci } from "../support/surroundings.js";

/** The arguments that print each program's version. */
const VERSIONS: Readonly<Record<string, string>> = {
  "docker-registry": "--version",
  skopeo: "--version",
  crane: "version",
  regctl: "version",
  oras: "version",
  gzip: "--version",
  pigz: "--version",
  zstd: "--version",
  tar: "--version",
  curl: "--version",
};

/** One paragraph about the machine, and one with all versions. */
export function describeMachine(rounds: number): string {
  const memory = Math.round(totalmem() / 2 ** 30);
  const processors = `${availableParallelism()} processors (${cpus()[0]?.model.trim()})`;
  const date = new Date().toISOString().slice(0, 10);
  const programs = Object.entries(VERSIONS).filter(([program]) => onPath(program) !== undefined);
  const versions = [
    `spack-oci ${firstLineOf(`${spackOci} --version`)}`,
    `Node ${process.versions.node}`,
    ...spackVersion(),
    ...programs.map(([program, args]) => `${program} ${numberIn(firstLineOf(`${program} ${args}`))}`),
  ];
  const missing = missingPrograms();
  const absent = missing.length === 0 ? "" : ` Missing, and left out: ${missing.join(", ")}.`;
  return `Medians of ${rounds} interleaved runs on ${processors}, ${memory} GiB, Linux ${release()}, ${date}.\n\n${versions.join(", ")}.${absent}`;
}

function spackVersion(): string[] {
  const { SPACK_TEST_ROOT: root, SPACK_TEST_PYTHON: python } = process.env;
  if (root === undefined) return [];
  const prefix = python === undefined ? "" : `SPACK_PYTHON=${python} `;
  return [`Spack ${firstLineOf(`${prefix}${root}/bin/spack --version`)}`];
}

function firstLineOf(script: string): string {
  try {
    const output = execFileSync("bash", ["-c", `${script} 2>&1`], { encoding: "utf8" });
    return output.trim().split("\n")[0] ?? "";
  } catch {
    // The program exists, but does not print its version.
    return "of unknown version";
  }
}

function numberIn(line: string): string {
  return /v?(\d+(\.\d+)+\S*)/.exec(line)?.[1]?.replace(/,$/, "") ?? line;
}
