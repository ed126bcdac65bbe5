// The step of the action that runs a command, and reports to GitHub what became of it.

import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { appendFileSync, existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commandLineOf } from "./command-line.mjs";
import { commandEnvironment } from "./credentials.mjs";
import { workflowCommand } from "./escape.mjs";
import { readOutcome } from "./outcome.mjs";
import { appendValues } from "./outputs.mjs";
import { annotationsOf, sentence, summaryOf } from "./summary.mjs";

const environment = process.env;
const inputs = JSON.parse(environment.INPUTS);
const directory = mkdtempSync(join(environment.RUNNER_TEMP, "spack-oci-"));
const digestsFile = inputs["digests-file"] || join(directory, "digests.json");

try {
  process.exitCode = await main(commandLineOf(inputs, digestsFile));
} catch (error) {
  console.log(workflowCommand("error", { title: "spack-oci", message: error.message }));
  process.exitCode = 2;
}

async function main(args) {
  const began = performance.now();
  const { status, stdout } = await runSilenced(args);
  const seconds = (performance.now() - began) / 1000;

  const resultFile = join(directory, "result.json");
  writeFileSync(resultFile, stdout);
  const command = inputs.command.trim();
  const outcome = readOutcome(command, parsed(stdout), status);
  const run = { command, mirror: inputs.mirror.trim(), seconds, isDryRun: inputs["dry-run"] === "true" };

  console.log(sentence(outcome, run));
  for (const line of annotationsOf(outcome, run)) console.log(line);
  if (environment.GITHUB_STEP_SUMMARY)
    appendFileSync(environment.GITHUB_STEP_SUMMARY, summaryOf(outcome, run));
  appendValues(environment.GITHUB_OUTPUT, {
    status,
    done: outcome.done.length,
    present: outcome.present.length,
    failed: outcome.failures.length,
    skipped: outcome.skipped.length,
    "result-file": resultFile,
    "digests-file": existsSync(digestsFile) ? digestsFile : "",
  });
  return status;
}

/**
 * Runs spack-oci with its progress in the log. Names and messages in it come from elsewhere, so workflow commands stop
 * meanwhile. Everything goes through one pipe, because the order between two is undefined.
 */
async function runSilenced(args) {
  const token = randomUUID();
  console.log(`spack-oci ${args.join(" ")}`.replaceAll(/\s*\n/g, " "));
  console.log(`::stop-commands::${token}`);
  try {
    return await runCommand(args);
  } finally {
    console.log(`\n::${token}::`);
  }
}

function runCommand(args) {
  const child = spawn("spack-oci", args, {
    env: commandEnvironment(inputs, environment),
    stdio: ["ignore", "pipe", process.stdout],
  });
  // A canceled job interrupts the step; the command then removes its temporary files.
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (chunk) => {
    stdout += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => resolve({ status: status ?? 130, stdout }));
  });
}

/** Undefined for a command that ended before it could print. */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (text.trim() !== "") console.log(`The result is not JSON: ${error.message}`.replaceAll("\n", " "));
    return undefined;
  }
}
