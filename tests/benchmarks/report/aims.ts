// What is aimed at, and what came of it.
import { OURS_WITH_ZSTD } from "../cases/benchmark-case.js";
import { GUNZIP_PIPELINE } from "../cases/pull-one-package.js";
import { LIST, NODE, VERSION } from "../cases/start.js";
import { SPACK } from "../support/surroundings.js";
import {
  bestOfAll,
  type Judge,
  largerAtMost,
  memoryBelow,
  memoryMore,
  millisecondsMore,
  secondsBelow,
  timesAtMost,
  timesLess,
} from "./judge.js";
import type { CaseResult } from "./result.js";

interface Aim {
  readonly what: string;
  readonly aim: string;
  /** Options of the benchmark with which it is measured. */
  readonly options: string;
  readonly judge: Judge;
}

/** What may be due to when garbage is collected, in megabytes. */
const NOISE = 20;

/** Aims are for the sizes that the benchmark has by default. */
const aims: readonly Aim[] = [
  spack("push of 20 small packages", "push-few", 10),
  {
    what: "the same, processor time",
    aim: "10 × less than Spack",
    options: "--only push-few",
    judge: timesLess("push-few", SPACK, "processorSeconds", 10),
  },
  spack("push of one package of 300 MB, gzip", "push-large", 6),
  {
    what: "the same, its layer",
    aim: "at most 6 % larger than Spack's",
    options: "--only push-large",
    judge: largerAtMost("push-large", SPACK, 6),
  },
  {
    what: "push of one package of 300 MB, zstd",
    aim: "10 × faster than Spack with gzip",
    options: "--only push-large",
    judge: timesLess("push-large", SPACK, "seconds", 10, OURS_WITH_ZSTD),
  },
  {
    what: "the same, its layer",
    aim: "smaller than Spack's with gzip",
    options: "--only push-large",
    judge: largerAtMost("push-large", SPACK, 0, OURS_WITH_ZSTD),
  },
  spack("pull and relocate 20 small packages", "pull-few", 15),
  spack("pull and relocate one package of 300 MB", "pull-large", 5),
  {
    what: "the same, beside the pipeline",
    aim: "at most 1.3 × of it",
    options: "--only pull-large",
    judge: timesAtMost("pull-large", GUNZIP_PIPELINE, "seconds", 1.3),
  },
  present("push"),
  present("pull"),
  {
    what: "copy 1 GB from registry to registry",
    aim: "as fast as the fastest, within 5 %",
    options: "--only copy",
    judge: bestOfAll("copy", "seconds", 1.05),
  },
  {
    what: "the same, memory",
    aim: "less than the others",
    options: "--only copy",
    judge: bestOfAll("copy", "peak", 1),
  },
  { what: "peak memory in any case", aim: "under 200 MB", options: "--full", judge: memoryBelow(200) },
  growth("push"),
  growth("pull"),
  more("`spack-oci --version`", VERSION, 80),
  more("`spack-oci list`, 20 packages", LIST, 150),
];

function spack(what: string, name: string, factor: number): Aim {
  const judge = timesLess(name, SPACK, "seconds", factor);
  return { what, aim: `${factor} × faster than Spack`, options: `--only ${name}`, judge };
}

function present(verb: string): Aim {
  const name = `${verb}-present-link`;
  const what = `${verb} of 200 packages that are there, at 20 ms`;
  return { what, aim: "under 1 s", options: `--only ${name}`, judge: secondsBelow(name, 1) };
}

function growth(verb: string): Aim {
  const judge = memoryMore(`${verb}-huge`, `${verb}-large`, NOISE);
  return { what: `${verb} of 2 GB beside 300 MB, memory`, aim: "no more", options: "--full", judge };
}

function more(what: string, command: string, limit: number): Aim {
  const judge = millisecondsMore("start", command, NODE, limit);
  return { what, aim: `${limit} ms more than ${NODE}`, options: "--only start", judge };
}

/** Aims as a table of Markdown: all, or only those that were measured. */
export function aimsTable(results: readonly CaseResult[], which: "all" | "measured" = "all"): string {
  const rows = aims.flatMap(({ what, aim, options, judge }) => {
    const verdict = judge(results);
    if (verdict === undefined && which === "measured") return [];
    const reached = verdict === undefined ? "" : verdict.isReached ? "yes" : "**no**";
    const cells = [
      what,
      aim,
      verdict?.measured ?? "not measured",
      reached,
      `\`npm run bench -- ${options}\``,
    ];
    return [`| ${cells.join(" | ")} |`];
  });
  const head = "| what | aim | measured | reached | repeat it |\n| --- | --- | ---: | --- | --- |";
  return [head, ...rows].join("\n");
}
