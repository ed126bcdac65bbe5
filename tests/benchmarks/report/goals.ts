// The goals, and whether they are reached.

import { OURS, OURS_WITH_ZSTD } from "../cases/benchmark-case.js";
import { CRANE } from "../cases/copy-image.js";
import { CACHED_PLAN } from "../cases/large-index.js";
import { ELF_FILES, OLD_SIGNATURES } from "../cases/mach-o.js";
import { HASHING, written } from "../cases/mach-o-alone.js";
import { GUNZIP_PIPELINE } from "../cases/pull-one-package.js";
import { PIGZ_PIPELINE, ZSTD_PIPELINE } from "../cases/push-one-package.js";
import { MANY_PROCESSORS } from "../cases/scaling.js";
import { LIST, NODE, VERSION } from "../cases/start.js";
import { VERIFIED } from "../cases/verified-packages.js";
import { FLOOR, SPACK } from "../support/surroundings.js";
import {
  allPeaksBelow,
  bestOfAll,
  type Judge,
  largerAtMost,
  memoryBelow,
  memoryMore,
  millisecondsMore,
  peakBelow,
  processorSecondsBelow,
  secondsBelow,
  timesAtMost,
  timesLess,
} from "./judge.js";
import type { CaseResult } from "./result.js";

interface Goal {
  readonly what: string;
  readonly goal: string;
  /** The options of the benchmark that measure it. */
  readonly options: string;
  readonly judge: Judge;
  /** The same figure for the floor. A goal that the floor misses is out of reach on the machine. */
  readonly floor?: Judge;
}

/** Variation due to the timing of garbage collection, in megabytes. */
const NOISE = 20;

/** Goals apply to the default sizes of the benchmark. */
const goals: readonly Goal[] = [
  spack("push of 20 small packages", "push-few", 5),
  processor("push-few", 2.5),
  spack("push of 200 small packages", "push-many", 8),
  processor("push-many", 2.5),
  spack("push of one package of 300 MB, gzip", "push-large", 5),
  processor("push-large", 2.5),
  {
    what: "the same, compared with pigz",
    goal: "at most 0.8 × the pipeline's time",
    options: "--only push-large",
    judge: timesAtMost("push-large", PIGZ_PIPELINE, "seconds", 0.8),
  },
  {
    what: "the same, its layer",
    goal: "at most 6 % larger than Spack's",
    options: "--only push-large",
    judge: largerAtMost("push-large", SPACK, 6),
  },
  {
    what: "push of one package of 300 MB, zstd",
    goal: "at most 1.3 × the pipeline's time",
    options: "--only push-large",
    judge: timesAtMost("push-large", ZSTD_PIPELINE, "seconds", 1.3, OURS_WITH_ZSTD),
  },
  {
    what: "the same, its layer",
    goal: "smaller than Spack's with gzip",
    options: "--only push-large",
    judge: largerAtMost("push-large", SPACK, 0, OURS_WITH_ZSTD),
  },
  spack("pull and relocate 20 small packages", "pull-few", 5),
  processor("pull-few", 2.5),
  floor("pull-few", 1.7),
  spack("pull and relocate 200 small packages", "pull-many", 10),
  processor("pull-many", 2.5),
  floor("pull-many", 1.5),
  spack("pull and relocate one package of 300 MB", "pull-large", 5),
  processor("pull-large", 2.5),
  pipeline("the same, compared with the pipeline", "pull-large"),
  pipeline("pull of one package of 2 GB, compared with the pipeline", "pull-huge"),
  {
    what: "pull, relocate and sign 300 MB of Mach-O files, CPU time",
    goal: "at most 1.5 × that of ELF files",
    options: "--only mach-o",
    judge: timesAtMost("mach-o", ELF_FILES, "processorSeconds", 1.5),
  },
  {
    what: "the same, without digests to keep",
    goal: "at most 1.5 × that of ELF files",
    options: "--only mach-o",
    judge: timesAtMost("mach-o", ELF_FILES, "processorSeconds", 1.5, OLD_SIGNATURES),
  },
  alone("relocate and sign 300 MB of Mach-O files alone, CPU time", OURS),
  {
    ...alone("the same, without digests to keep", OLD_SIGNATURES),
    floor: timesAtMost("mach-o-alone", ELF_FILES, "processorSeconds", 1.5, HASHING),
  },
  alone("relocate, sign, write and hash 300 MB of Mach-O files, CPU time", written(OURS), written(ELF_FILES)),
  alone("the same, without digests to keep", written(OLD_SIGNATURES), written(ELF_FILES)),
  present("push"),
  present("pull"),
  {
    what: "copy 1 GB from registry to registry",
    goal: "within 5 % of the fastest",
    options: "--only copy",
    judge: bestOfAll("copy", "seconds", 1.05),
  },
  {
    what: "the same, CPU time",
    goal: "at most 1.5 × that of crane",
    options: "--only copy",
    judge: timesAtMost("copy", CRANE, "processorSeconds", 1.5),
  },
  {
    what: "the same, memory",
    goal: "under 70 MB",
    options: "--only copy",
    judge: peakBelow("copy", 70),
  },
  {
    what: "any command on an index of 100 000 packages, memory",
    goal: "under 400 MB",
    options: "--only large-index",
    judge: allPeaksBelow("large-index", 400),
  },
  {
    what: "a plan with such an index in the cache, CPU time",
    goal: "under 1 s",
    options: "--only large-index",
    judge: processorSecondsBelow("large-index", CACHED_PLAN, 1),
  },
  {
    what: "pull of 200 small packages, told of 8 processors",
    goal: "at most 1.1 × the time with 2",
    options: "--only scaling",
    judge: timesAtMost("scaling", OURS, "seconds", 1.1, MANY_PROCESSORS),
  },
  {
    what: "pull of 200 signed small packages at 20 ms, verified",
    goal: "at most 1.15 × the time without",
    options: "--only pull-verified-link",
    judge: timesAtMost("pull-verified-link", OURS, "seconds", 1.15, VERIFIED),
  },
  { what: "peak memory in any other case", goal: "under 200 MB", options: "--full", judge: memoryBelow(200) },
  growth("push"),
  growth("pull"),
  more("`spack-oci --version`", VERSION, 80),
  more("`spack-oci list`, 20 packages", LIST, 150),
];

function spack(what: string, name: string, factor: number): Goal {
  const judge = timesLess(name, SPACK, "seconds", factor);
  const floor = timesLess(name, SPACK, "seconds", factor, FLOOR);
  return { what, goal: `${factor} × faster than Spack`, options: `--only ${name}`, judge, floor };
}

function processor(name: string, factor: number): Goal {
  const judge = timesLess(name, SPACK, "processorSeconds", factor);
  return {
    what: "the same, CPU time",
    goal: `${factor} × less than Spack`,
    options: `--only ${name}`,
    judge,
    floor: timesLess(name, SPACK, "processorSeconds", factor, FLOOR),
  };
}

function floor(name: string, factor: number): Goal {
  return {
    what: "the same, compared with the floor",
    goal: `at most ${factor} × its time`,
    options: `--only ${name}`,
    judge: timesAtMost(name, FLOOR, "seconds", factor),
  };
}

function pipeline(what: string, name: string): Goal {
  const options = name.endsWith("huge") ? "--full" : `--only ${name}`;
  return { what, goal: "at most its time", options, judge: timesAtMost(name, GUNZIP_PIPELINE, "seconds", 1) };
}

/** Work on files without the rest of a pull. */
function alone(what: string, command: string, elf = ELF_FILES): Goal {
  return {
    what,
    goal: "at most 1.5 × that of ELF files",
    options: "--only mach-o-alone",
    judge: timesAtMost("mach-o-alone", elf, "processorSeconds", 1.5, command),
  };
}

function present(verb: string): Goal {
  const name = `${verb}-present-link`;
  const what = `${verb} of 200 packages already present, at 20 ms`;
  return { what, goal: "under 1 s", options: `--only ${name}`, judge: secondsBelow(name, 1) };
}

function growth(verb: string): Goal {
  const judge = memoryMore(`${verb}-huge`, `${verb}-large`, NOISE);
  return { what: `${verb} of 2 GB instead of 300 MB, memory`, goal: "no more", options: "--full", judge };
}

function more(what: string, command: string, limit: number): Goal {
  const judge = millisecondsMore("start", command, NODE, limit);
  return { what, goal: `${limit} ms more than ${NODE}`, options: "--only start", judge };
}

/** The goals as a Markdown table: all, or only those that were measured. */
export function goalsTable(results: readonly CaseResult[], which: "all" | "measured" = "all"): string {
  const rows = goals.flatMap(({ what, goal, options, judge, floor }) => {
    const verdict = judge(results);
    if (verdict === undefined && which === "measured") return [];
    const reached = verdict === undefined ? "" : verdict.isReached ? "yes" : "**no**";
    const cells = [
      what,
      goal,
      verdict?.measured ?? "not measured",
      reached,
      floor?.(results)?.measured ?? "",
      `\`npm run bench -- ${options}\``,
    ];
    return [`| ${cells.join(" | ")} |`];
  });
  const head =
    "| what | goal | measured | reached | floor | repeat with |\n| --- | --- | ---: | --- | ---: | --- |";
  return [head, ...rows].join("\n");
}
