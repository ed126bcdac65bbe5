// The result of writing a package index, as JSON and as lines.

import type { PushResult, SkippedTag } from "@spack-oci/buildcache";
import type { SpackOciError } from "@spack-oci/errors";
import { renderError } from "./error.js";
import { type ErrorJson, errorToJson } from "./json.js";
import { type PackageJson, packageToJson } from "./packages.js";

/** An index, or the error that prevented writing it. */
type IndexResult = NonNullable<PushResult["index"]>;

/** The JSON form of an index; it has an `error` if it could not be written. */
export interface IndexJson {
  readonly outcome: string;
  readonly specs?: number;
  readonly added?: readonly PackageJson[];
  readonly removed?: readonly PackageJson[];
  readonly skipped?: readonly TagErrorJson[];
  readonly error?: ErrorJson;
}

interface TagErrorJson {
  readonly tag: string;
  readonly error: ErrorJson;
}

export function indexToJson(result: IndexResult): IndexJson {
  if (result.outcome === "failed") return { outcome: result.outcome, error: errorToJson(result.error) };
  const { outcome, specs, added, removed } = result;
  return {
    outcome,
    specs,
    added: added.map(packageToJson),
    removed: removed.map(packageToJson),
    skipped: tagErrorsToJson(result.skipped),
  };
}

/** Empty, unless the index could not be written. */
export function indexLines(index: IndexResult | undefined): string[] {
  return index?.outcome === "failed" ? [`Could not write the index: ${renderError(index.error)}`] : [];
}

/** The error that prevented writing the index, or the errors of unreadable tags. */
export function indexErrors(index: IndexResult | undefined): readonly SpackOciError[] {
  if (index === undefined) return [];
  return index.outcome === "failed" ? [index.error] : index.skipped.map(({ error }) => error);
}

/** Tags with their errors. */
export function tagErrorsToJson(tags: readonly SkippedTag[]): TagErrorJson[] {
  return tags.map(({ tag, error }) => ({ tag, error: errorToJson(error) }));
}
