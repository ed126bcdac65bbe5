// Compares measurements with the goals.

import { OURS } from "../cases/benchmark-case.js";
import type { Cost } from "../support/run-command.js";
import { FLOOR } from "../support/surroundings.js";
import { type CaseResult, costOf, measurementOf } from "./result.js";
import { formatFactor } from "./table.js";

/** The outcome for a goal. */
interface Verdict {
  readonly measured: string;
  readonly isReached: boolean;
}

/** Undefined if what it needs was not measured. */
export type Judge = (results: readonly CaseResult[]) => Verdict | undefined;

/** A rival takes at least `factor` times what this project takes. */
export function timesLess(
  name: string,
  rival: string,
  figure: keyof Cost,
  factor: number,
  command = OURS,
): Judge {
  return (results) => {
    const [ours, theirs] = [costOf(results, name, command), costOf(results, name, rival)];
    if (ours === undefined || theirs === undefined) return undefined;
    const ratio = theirs[figure] / ours[figure];
    return { measured: formatFactor(ratio), isReached: ratio >= factor };
  };
}

/** This project takes at most `factor` times what a rival takes. */
export function timesAtMost(
  name: string,
  rival: string,
  figure: keyof Cost,
  factor: number,
  command = OURS,
): Judge {
  return (results) => {
    const [ours, theirs] = [costOf(results, name, command), costOf(results, name, rival)];
    if (ours === undefined || theirs === undefined) return undefined;
    const ratio = ours[figure] / theirs[figure];
    return { measured: formatFactor(ratio), isReached: ratio <= factor };
  };
}

/** This project's output is at most `percent` larger than a rival's. */
export function largerAtMost(name: string, rival: string, percent: number, command = OURS): Judge {
  return (results) => {
    const [ours, theirs] = [command, rival].map((each) => measurementOf(results, name, each)?.size);
    if (ours === undefined || theirs === undefined) return undefined;
    const more = (ours / theirs - 1) * 100;
    return { measured: `${more.toFixed(1)} %`, isReached: ours / theirs <= 1 + percent / 100 };
  };
}

/** This project takes at most `factor` times what the best other tool takes. */
export function bestOfAll(name: string, figure: keyof Cost, factor: number): Judge {
  return (results) => {
    const rivals = results.find((result) => result.name === name)?.measurements ?? [];
    const ours = costOf(results, name, OURS);
    const isTool = (name: string) => name !== OURS && name !== FLOOR;
    const others = rivals.flatMap((each) => (isTool(each.name) && each.cost ? [each.cost[figure]] : []));
    if (ours === undefined || others.length === 0) return undefined;
    const ratio = ours[figure] / Math.min(...others);
    return { measured: `${formatFactor(ratio)} the best`, isReached: ratio <= factor };
  };
}

/** This project takes less than this many seconds. */
export function secondsBelow(name: string, limit: number): Judge {
  return (results) => {
    const seconds = costOf(results, name, OURS)?.seconds;
    return seconds === undefined
      ? undefined
      : { measured: `${seconds.toFixed(2)} s`, isReached: seconds < limit };
  };
}

/** A command of a case takes at most this many milliseconds more than another. */
export function millisecondsMore(name: string, command: string, than: string, limit: number): Judge {
  return (results) => {
    const [one, other] = [costOf(results, name, command), costOf(results, name, than)];
    if (one === undefined || other === undefined) return undefined;
    const more = (one.seconds - other.seconds) * 1000;
    return { measured: `${more.toFixed(0)} ms more`, isReached: more < limit };
  };
}

/** No command of this project uses this much memory, in megabytes. */
export function memoryBelow(limit: number): Judge {
  return (results) => {
    const peaks = results.flatMap(({ name, measurements }) =>
      measurements.flatMap((each) =>
        each.name.includes(OURS) && each.cost ? [{ name, peak: each.cost.peak / 1e6 }] : [],
      ),
    );
    const [largest] = peaks.sort((one, other) => other.peak - one.peak);
    if (largest === undefined) return undefined;
    return { measured: `${largest.peak.toFixed(0)} MB (${largest.name})`, isReached: largest.peak < limit };
  };
}

/** This project needs less than this many megabytes in a case. */
export function peakBelow(name: string, limit: number): Judge {
  return (results) => {
    const cost = costOf(results, name, OURS);
    if (cost === undefined) return undefined;
    const megabytes = cost.peak / 1e6;
    return { measured: `${megabytes.toFixed(0)} MB`, isReached: megabytes < limit };
  };
}

/** Every command of a case needs less than this many megabytes. */
export function allPeaksBelow(name: string, limit: number): Judge {
  return (results) => {
    const measured = results.find((result) => result.name === name)?.measurements ?? [];
    const peaks = measured.flatMap((each) =>
      each.cost ? [{ command: each.name, peak: each.cost.peak / 1e6 }] : [],
    );
    const [largest] = peaks.sort((one, other) => other.peak - one.peak);
    if (largest === undefined) return undefined;
    return {
      measured: `${largest.peak.toFixed(0)} MB (${largest.command})`,
      isReached: largest.peak < limit,
    };
  };
}

/** A command of a case takes less than this many seconds of CPU time. */
export function processorSecondsBelow(name: string, command: string, limit: number): Judge {
  return (results) => {
    const seconds = costOf(results, name, command)?.processorSeconds;
    return seconds === undefined
      ? undefined
      : { measured: `${seconds.toFixed(2)} s`, isReached: seconds < limit };
  };
}

/** This project needs at most this many megabytes more in one case than in another. */
export function memoryMore(name: string, than: string, limit: number): Judge {
  return (results) => {
    const [one, other] = [costOf(results, name, OURS), costOf(results, than, OURS)];
    if (one === undefined || other === undefined) return undefined;
    const more = (one.peak - other.peak) / 1e6;
    return { measured: `${more.toFixed(0)} MB more`, isReached: more <= limit };
  };
}
