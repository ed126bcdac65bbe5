// How a run shows what it does and what became of it: as lines for people, as one JSON document, or as JSON lines.

import type { Listener } from "@spack-oci/buildcache";
import type { SpackOciError } from "@spack-oci/errors";
import { filterPadding } from "@spack-oci/spack-store";
import type { Console } from "../process/console.js";
import { createEventLines } from "./event-json.js";
import { errorToJson, printJson } from "./json.js";
import { createProgress, type Progress } from "./progress/progress.js";
import type { CommandResult } from "./result.js";

/** Receives events while a command runs, then exactly one of the others. */
export interface Report {
  readonly listener: Listener;
  result(result: CommandResult): void;
  /** @param print prints the error for people */
  error(error: SpackOciError, status: number, print: () => void): void;
  interruption(status: number): void;
}

/** The global options that concern reports. */
interface ReportOptions {
  readonly json: boolean;
  readonly jsonLines: boolean;
  readonly jobs: number;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

export function createReport(options: ReportOptions, console: Console): Report {
  const { jobs, verbose, json, jsonLines } = options;
  // The lines have everything else.
  const quiet = options.quiet || jsonLines;
  // A log of CI keeps what a live display erases.
  const plain = Boolean(console.environment["CI"]);
  const progress = createProgress(console.stderr, { jobs, quiet, verbose, plain });
  if (jsonLines) return linesReport(progress, console);
  return json ? documentReport(progress, console) : textReport(progress, console);
}

function textReport({ listener, finish }: Progress, { stdout }: Console): Report {
  return {
    listener,
    result({ lines, shortensPadding = false }) {
      finish();
      for (const line of lines) stdout.write(`${shortensPadding ? filterPadding(line) : line}\n`);
    },
    error(_error, _status, print) {
      finish();
      print();
    },
    interruption: finish,
  };
}

function documentReport({ listener, finish }: Progress, console: Console): Report {
  return {
    listener,
    result({ json }) {
      finish();
      printJson(console, json);
    },
    error(error, _status, print) {
      finish();
      print();
      printJson(console, { error: errorToJson(error) });
    },
    interruption: finish,
  };
}

function linesReport(progress: Progress, { stdout }: Console): Report {
  const events = createEventLines(stdout);
  return {
    listener(event) {
      progress.listener(event);
      events.listener(event);
    },
    result({ status, json }) {
      progress.finish();
      events.finish({ type: "result", status, result: json });
    },
    error(error, status, print) {
      progress.finish();
      print();
      events.finish({ type: "error", status, error: errorToJson(error) });
    },
    interruption(status) {
      progress.finish();
      events.finish({ type: "interrupted", status });
    },
  };
}
