// What the figures were measured on, and with.
import { execFileSync } from "node:child_process";
import { availableParallelism, cpus, release, totalmem } from "node:os";
import { onPath } from "../../support/on-path.js";
import { missingPrograms } from "../support/programs.js";
import { spackOci } from "../support/surroundings.js";

/** How each program tells its version. */
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

/** The machine in one paragraph, and the versions of everything in another. */
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
  const absent = missing.length === 0 ? "" : ` Not there, and left out: ${missing.join(", ")}.`;
  return `Medians of ${rounds} runs, taken in turn, on ${processors}, ${memory} GiB, Linux ${release()}, ${date}.\n\n${versions.join(", ")}.${absent}`;
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
    // It is there, but does not say which it is.
    return "of unknown version";
  }
}

function numberIn(line: string): string {
  return /v?(\d+(\.\d+)+\S*)/.exec(line)?.[1]?.replace(/,$/, "") ?? line;
}
