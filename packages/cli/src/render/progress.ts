// Shows progress on standard error: a live line on a terminal, one line per package elsewhere.

import type { BuildcacheEvent, Listener } from "@spack-oci/buildcache";
import type { SpackOciError } from "@spack-oci/errors";
import { filterPadding } from "@spack-oci/spack-store";
import type { OutputStream } from "../process/console.js";
import { CLEAR_LINE, printable } from "../process/guarded-console.js";
import { renderError } from "./error.js";
import { formatPackage } from "./packages.js";
import { formatBytes, formatCount, formatSeconds } from "./units.js";

/** Listens to a verb and writes its progress. */
export interface Progress {
  readonly listener: Listener;
  /** Clears the live line. */
  finish(): void;
}

const REDRAW_INTERVAL_MS = 100;

export function createProgress(stream: OutputStream): Progress {
  const state = new ProgressState();
  let drawnAt = 0;
  const live = stream.isTTY === true;
  return {
    listener(event) {
      const line = state.take(event);
      if (line !== undefined) stream.write(live ? `${CLEAR_LINE}${line}\n` : `${line}\n`);
      const now = Date.now();
      if (live && (line !== undefined || now - drawnAt >= REDRAW_INTERVAL_MS)) {
        drawnAt = now;
        // Escaped before it is cut, so that it fits.
        stream.write(CLEAR_LINE + printable(state.summary()).slice(0, (stream.columns ?? 80) - 1));
      }
    },
    finish() {
      if (live) stream.write(CLEAR_LINE);
    },
  };
}

class ProgressState {
  #todo = 0;
  #done = 0;
  #bytes = 0;
  readonly #active = new Map<string, string>();

  /** @returns a permanent line, if the event deserves one */
  take(event: BuildcacheEvent): string | undefined {
    switch (event.type) {
      case "planned":
        this.#plan(event.todo);
        return event.present > 0
          ? `${event.todo} to do, ${event.present} already present`
          : `${event.todo} to ${event.work ?? "do"}`;
      case "step":
        this.#active.set(event.package.hash, `${event.step} ${event.package.name}`);
        return undefined;
      case "bytes":
        this.#bytes += event.count;
        return undefined;
      case "done":
        this.#active.delete(event.package.hash);
        this.#done += 1;
        return `[${this.#done}/${Math.max(this.#todo, this.#done)}] ${describeOutcome(event)}`;
      case "removed":
        this.#active.delete(event.package.hash);
        this.#done += 1;
        return `[${this.#done}/${Math.max(this.#todo, this.#done)}] ${describeRemoval(event)}`;
      case "copying":
        this.#active.set(event.tag, event.tag);
        return undefined;
      case "copied":
        this.#active.delete(event.tag);
        this.#done += 1;
        return `[${this.#done}/${Math.max(this.#todo, this.#done)}] ${describeCopy(event)}`;
      case "deleted":
        return `deleted ${event.tag}`;
      case "index":
        return describeIndex(event);
      case "checked":
        this.#done += 1;
        return undefined;
      case "finding":
        return undefined;
      case "image":
        return describeImage(event);
      case "view":
        return event.outcome === "failed" ? describeFailedView(event) : undefined;
      case "unrelocatable":
        return errorText(event.error);
      case "warning":
        return `warning: ${event.message}`;
    }
  }

  /** Plans of several destinations add up; a plan after finished work, as in a repair, starts a new count. */
  #plan(todo: number): void {
    if (this.#done >= this.#todo) [this.#todo, this.#done] = [0, 0];
    this.#todo += todo;
  }

  summary(): string {
    const active = [...this.#active.values()];
    return `${this.#done}/${this.#todo}  ${formatBytes(this.#bytes)}  ${active.join(", ")}`;
  }
}

function describeOutcome(event: Extract<BuildcacheEvent, { type: "done" }>): string {
  const name = formatPackage(event.package);
  switch (event.outcome) {
    case "done":
      return `${name} (${formatBytes(event.bytes)}, ${formatSeconds(event.seconds)})`;
    case "present":
      return `${name} was installed by another process`;
    case "failed":
      return `failed ${name}: ${errorText(event.error)}`;
    case "skipped":
      return `skipped ${name}: its dependency ${formatPackage(event.because)} failed`;
  }
}

function describeRemoval({ package: node, outcome }: Extract<BuildcacheEvent, { type: "removed" }>): string {
  const name = formatPackage(node);
  switch (outcome) {
    case "removed":
      return `uninstalled ${name}`;
    case "forgotten":
      return `removed the record of ${name}, whose prefix does not exist`;
    case "absent":
      return `${name} was uninstalled by another process`;
    case "kept":
      return `kept ${name}, which is needed again`;
  }
}

function describeCopy(event: Extract<BuildcacheEvent, { type: "copied" }>): string {
  switch (event.outcome) {
    case "copied":
      return `${event.tag} (${formatBytes(event.bytes)}, ${formatSeconds(event.seconds)})`;
    case "failed":
      return `failed ${event.tag}: ${errorText(event.error)}`;
    case "skipped":
      return `skipped ${event.tag}: it needs ${formatPackage(event.because)}, which failed`;
  }
}

/** The result of the command shows the others. */
function describeFailedView({
  root,
  error,
}: Extract<BuildcacheEvent, { type: "view"; outcome: "failed" }>): string {
  return `failed to update the view ${root}: ${errorText(error)}`;
}

function describeImage({ step, packages }: Extract<BuildcacheEvent, { type: "image" }>): string {
  switch (step) {
    case "merging":
      return `merging ${formatCount(packages, "package")} into one layer`;
    case "linking":
      return `linking ${formatCount(packages, "package")} into the view`;
    case "tagged":
      return `built an image of ${formatCount(packages, "package")}`;
  }
}

function describeIndex(event: Extract<BuildcacheEvent, { type: "index" }>): string | undefined {
  switch (event.step) {
    case "reading":
    case "writing":
      return undefined;
    case "unchanged":
      return `the index is up to date (${formatCount(event.specs, "package")})`;
    case "written":
      return `wrote the index (${formatCount(event.specs, "package")})`;
  }
}

function errorText(error: SpackOciError): string {
  return filterPadding(renderError(error));
}
