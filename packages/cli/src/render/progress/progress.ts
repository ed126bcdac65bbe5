// Shows progress on standard error: a live display on a terminal, lines elsewhere.

import type { BuildcacheEvent, Listener } from "@spack-oci/buildcache";
import type { OutputStream } from "../../process/console.js";
import { eraseLines } from "../../process/guarded-console.js";
import { wrapMessage } from "../wrap-message.js";
import { eventLine, problemLine, stepLine } from "./event-lines.js";
import { Work } from "./work.js";
import { activitiesOf, liveLines, summaryOf } from "./work-lines.js";

/** Listens to a verb and writes its progress. */
export interface Progress {
  readonly listener: Listener;
  /** Clears the live display. */
  readonly finish: () => void;
}

export interface ProgressOptions {
  /** How many packages are worked on at once, and how many lines the live display has at most; 1 by default. */
  readonly jobs?: number | undefined;
  /** Only problems. */
  readonly quiet?: boolean | undefined;
  /** Also each step of each package. */
  readonly verbose?: boolean | undefined;
  /** Lines even on a terminal, as for the log of a CI job. */
  readonly plain?: boolean | undefined;
}

export function createProgress(stream: OutputStream, options: ProgressOptions = {}): Progress {
  if (options.quiet === true) return quietProgress(stream);
  const isLive = stream.isTTY === true && options.plain !== true;
  return isLive ? new LiveProgress(stream, options) : new PlainProgress(stream, options);
}

function quietProgress(stream: OutputStream): Progress {
  return {
    listener(event) {
      const line = problemLine(event);
      if (line !== undefined) stream.write(`${wrapMessage(line, stream)}\n`);
    },
    finish() {},
  };
}

/** The lines that stay: for the event, and with `verbose` for each step. */
function linesFor(event: BuildcacheEvent, work: Work, { verbose }: ProgressOptions): readonly string[] {
  const step = verbose === true ? stepLine(event) : undefined;
  return [step, eventLine(event, work.count)].filter((line) => line !== undefined);
}

/** Milliseconds between drawings, and between those that no event causes. */
const REDRAW_INTERVAL = 100;
const IDLE_REDRAW_INTERVAL = 500;
/** The live display leaves most of a small terminal to the lines that stay. */
const MAX_LINES = 16;

class LiveProgress implements Progress {
  readonly #stream: OutputStream;
  readonly #options: ProgressOptions;
  readonly #work = new Work();
  readonly #timer: NodeJS.Timeout;
  #drawnAt = 0;
  #drawn = 0;

  constructor(stream: OutputStream, options: ProgressOptions) {
    this.#stream = stream;
    this.#options = options;
    // Time passes while a large package is packed, too.
    this.#timer = setInterval(() => this.#tick(), IDLE_REDRAW_INTERVAL);
    this.#timer.unref();
  }

  readonly listener = (event: BuildcacheEvent): void => {
    const now = Date.now();
    this.#work.take(event, now);
    const lines = linesFor(event, this.#work, this.#options);
    const text = wrapMessage(lines.join("\n"), this.#stream);
    if (lines.length > 0) this.#stream.write(this.#erased(`${text}\n`));
    if (lines.length > 0 || now - this.#drawnAt >= REDRAW_INTERVAL) this.#draw(now);
  };

  readonly finish = (): void => {
    clearInterval(this.#timer);
    this.#stream.write(this.#erased(""));
  };

  #tick(): void {
    const now = Date.now();
    if (activitiesOf(this.#work) !== "" && now - this.#drawnAt >= IDLE_REDRAW_INTERVAL) this.#draw(now);
  }

  #draw(now: number): void {
    this.#drawnAt = now;
    const lines = Math.max(1, Math.min(this.#options.jobs ?? 1, MAX_LINES));
    const shown = liveLines(this.#work, now, { lines, columns: (this.#stream.columns || 80) - 1 });
    this.#stream.write(this.#erased(shown.join("\n")));
    this.#drawn = shown.length;
  }

  /** Text in the place of what is drawn. */
  #erased(text: string): string {
    const erased = eraseLines(this.#drawn);
    this.#drawn = 0;
    return erased + text;
  }
}

/** Milliseconds without a line after which one shows that the work goes on. */
const MAX_SILENCE = 5000;
const SILENCE_CHECK_INTERVAL = 1000;

class PlainProgress implements Progress {
  readonly #stream: OutputStream;
  readonly #options: ProgressOptions;
  readonly #work = new Work();
  readonly #timer: NodeJS.Timeout;
  #writtenAt = Date.now();

  constructor(stream: OutputStream, options: ProgressOptions) {
    this.#stream = stream;
    this.#options = options;
    this.#timer = setInterval(() => this.#tick(), SILENCE_CHECK_INTERVAL);
    this.#timer.unref();
  }

  readonly listener = (event: BuildcacheEvent): void => {
    this.#work.take(event, Date.now());
    for (const line of linesFor(event, this.#work, this.#options)) this.#write(line);
  };

  readonly finish = (): void => {
    clearInterval(this.#timer);
  };

  #tick(): void {
    const now = Date.now();
    if (now - this.#writtenAt < MAX_SILENCE) return;
    const activities = activitiesOf(this.#work);
    if (activities !== "") this.#write(`${summaryOf(this.#work, now)}  ${activities}`);
  }

  #write(line: string): void {
    this.#writtenAt = Date.now();
    this.#stream.write(`${line}\n`);
  }
}
