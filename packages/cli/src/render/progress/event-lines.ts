// The lines that stay on the screen: one for each notable event.

import type { BuildcacheEvent, PackageName } from "@spack-oci/buildcache";
import type { SpackOciError } from "@spack-oci/errors";
import { filterPadding } from "@spack-oci/spack-store";
import { renderError } from "../error.js";
import { formatPackage } from "../packages.js";
import { formatBytes, formatCount, formatSeconds } from "../units.js";

/** How many items are finished, and how many there are. */
export interface Count {
  readonly done: number;
  readonly todo: number;
}

/**
 * The line for an event; undefined if it only moves the progress.
 *
 * @param count with this event included
 */
export function eventLine(event: BuildcacheEvent, count: Count): string | undefined {
  switch (event.type) {
    case "planned":
      return event.present > 0
        ? `${event.todo} to do, ${event.present} already present`
        : `${event.todo} to ${event.work ?? "do"}`;
    case "done":
      return `${position(count)} ${describeOutcome(event)}`;
    case "removed":
      return `${position(count)} ${describeRemoval(event)}`;
    case "copied":
      return `${position(count)} ${describeCopy(event)}`;
    case "deleted":
      return `deleted ${event.tag}`;
    case "index":
      return describeIndex(event);
    case "image":
      return describeImage(event);
    case "view":
      return event.outcome === "failed" ? describeFailedView(event) : undefined;
    case "unrelocatable":
    case "warning":
      return problemLine(event);
    case "step":
    case "bytes":
    case "packed":
    case "copying":
    case "checked":
    case "finding":
      return undefined;
  }
}

/** The line for an event that is a problem, which no setting hides; undefined for others. */
export function problemLine(event: BuildcacheEvent): string | undefined {
  switch (event.type) {
    case "warning":
      return `warning: ${event.message}`;
    case "unrelocatable":
      return errorText(event.error);
    case "done":
      return event.outcome === "failed" ? describeOutcome(event) : undefined;
    case "copied":
      return event.outcome === "failed" ? describeCopy(event) : undefined;
    case "view":
      return event.outcome === "failed" ? describeFailedView(event) : undefined;
    default:
      return undefined;
  }
}

/** What `--verbose` adds: each step of each package. */
export function stepLine(event: BuildcacheEvent): string | undefined {
  switch (event.type) {
    case "step":
      return `${event.step} ${formatPackage(event.package)}${sizeOf(event.bytes)}`;
    case "copying":
      return `copying ${event.tag}`;
    case "checked":
      return `checked ${event.tag}`;
    case "index":
      return event.step === "reading" || event.step === "writing" ? `${event.step} the index` : undefined;
    default:
      return undefined;
  }
}

function sizeOf(bytes: number | undefined): string {
  return bytes === undefined ? "" : ` (${formatBytes(bytes)})`;
}

function position({ done, todo }: Count): string {
  return `[${done}/${Math.max(todo, done)}]`;
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
      return skippedCopy(event.tag, event.because);
  }
}

function skippedCopy(tag: string, because: PackageName): string {
  return `skipped ${tag}: it needs ${formatPackage(because)}, which failed`;
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
