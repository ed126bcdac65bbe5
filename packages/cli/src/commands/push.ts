// spack-oci push: from an install tree into a buildcache.

import {
  type CanonicalTree,
  describePackage,
  type PushResult,
  push,
  type RunnableImage,
} from "@spack-oci/buildcache";
import type { layerCompressions } from "@spack-oci/buildcache/limits";
import { ciAnnotations } from "../ci-annotations.js";
import { statusOfAll } from "../exit-status.js";
import { imageToJson, requireDigestsFile, writeDigestsFile } from "../output/digests-file.js";
import { errorToJson } from "../output/json.js";
import { renderError } from "../output/render-error.js";
import { describeFailures, failuresToJson, indexToJson, packageToJson } from "../output/results.js";
import { sourceDate } from "../source-date.js";
import type { CommandContext, CommandResult } from "./command-context.js";
import { canonicalToJson, type RelocationArguments, relocationOf } from "./install-tree.js";
import { specRequest } from "./spec-request.js";

export interface PushArguments extends RelocationArguments {
  readonly mirror: string;
  readonly specs: readonly string[];
  readonly store?: string | undefined;
  readonly force?: boolean | undefined;
  readonly only?: "package" | "dependencies" | undefined;
  readonly withBuildDependencies: boolean;
  readonly strict?: boolean | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly excludeMirror?: string | undefined;
  readonly baseImage?: string | undefined;
  readonly runEnvironment?: "known" | "spack" | undefined;
  readonly compression?: (typeof layerCompressions)[number] | undefined;
  readonly tag?: string | undefined;
  readonly digestsFile?: string | undefined;
  readonly updateIndex?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
}

export async function pushCommand(args: PushArguments, context: CommandContext): Promise<CommandResult> {
  const { session } = context;
  const { digestsFile, dryRun = false } = args;
  const createdAt = sourceDate(session.environmentVariables);
  if (digestsFile !== undefined) await requireDigestsFile(digestsFile);
  const relocateTo = relocationOf(args);
  const store = await session.store(args.store);
  const target = session.openMirror(args.mirror, "push");
  const result = await push(store, target, context.scheduler, specRequest(args.specs, session), {
    force: args.force,
    only: args.only,
    withBuildDependencies: args.withBuildDependencies,
    strict: args.strict,
    exclude: args.exclude,
    excludeMirror:
      args.excludeMirror === undefined ? undefined : session.openMirror(args.excludeMirror, "fetch"),
    baseImage: args.baseImage === undefined ? undefined : session.openImage(args.baseImage, target),
    askSpack: args.runEnvironment === "spack" ? session.askSpack : undefined,
    compression: args.compression,
    relocateTo,
    rememberedTree: session.rememberedTree(target),
    origins: session.origins(target),
    tag: args.tag,
    updateIndex: args.updateIndex,
    dryRun,
    prefixInspections: session.instanceIfAny?.prefixInspections,
    spackPrefix: session.spackPrefix,
    createdAt,
    annotations: ciAnnotations(session.environmentVariables, createdAt ?? new Date()),
    listener: context.listener,
    signal: context.signal,
  });
  if (digestsFile !== undefined && !dryRun) {
    await writeDigestsFile(digestsFile, target.name, allImages(result));
  }
  return {
    json: toJson(result),
    lines: toLines(result, dryRun),
    status: statusFor(result, args.strict === true),
  };
}

/** Those of packages, then that of all of them. */
function allImages({ images, tagged }: PushResult): readonly RunnableImage[] {
  return tagged === undefined || "error" in tagged ? images : [...images, tagged];
}

function toJson(result: PushResult) {
  const { plan, canonical, packages, tagged, index } = result;
  const pushed = packages.filter((result) => result.outcome === "done");
  return {
    planned: plan.todo.map((item) => ({ ...packageToJson(item.node), tag: item.tag })),
    ...(canonical === undefined ? {} : canonicalToJson(canonical)),
    pushed: pushed.map((result) => ({ ...packageToJson(result.package), bytes: result.bytes })),
    images: allImages(result).map((image) => ({
      ...imageToJson(image),
      runEnvironment: image.runEnvironment,
    })),
    present: plan.present.map((item) => ({ ...packageToJson(item.node), tag: item.tag })),
    absent: plan.absent.map(packageToJson),
    originals: originalsIn(result).map((item) => packageToJson(item.node)),
    excluded: plan.excluded.map((item) => ({ ...packageToJson(item.node), tag: item.tag })),
    ...failuresToJson(packages),
    ...(tagged === undefined ? {} : { tagged: taggedToJson(tagged) }),
    ...(index === undefined ? {} : { index: indexToJson(index) }),
  };
}

const SOURCES: Readonly<Record<RunnableImage["runEnvironment"], string>> = {
  spack: "as Spack says",
  image: "as it was",
  table: "from the table of recipes",
  none: "",
};

/** From where it is known what recipes add, as far as anything is. */
function describeEnvironments(images: readonly RunnableImage[]): string[] {
  const counts = Object.entries(SOURCES).flatMap(([source, words]) => {
    const count = images.filter(({ runEnvironment }) => runEnvironment === source).length;
    return words === "" || count === 0 ? [] : [`${count} ${words}`];
  });
  return counts.length === 0 ? [] : [`Environments with what recipes add: ${counts.join(", ")}.`];
}

function taggedToJson(tagged: NonNullable<PushResult["tagged"]>) {
  return "error" in tagged ? { error: errorToJson(tagged.error) } : { tag: tagged.tag };
}

/** Packages whose layers are those that they came in. */
function originalsIn({ plan, originals }: PushResult) {
  return plan.todo.filter((item) => originals.has(item.node.hash));
}

function toLines(result: PushResult, dryRun: boolean): string[] {
  const { plan, canonical, packages, tagged, index } = result;
  if (dryRun) return describePlan(result);
  const pushed = packages.filter((result) => result.outcome === "done").length;
  const lines = plan.absent.map((node) => `${describePackage(node)} is not installed, and was not pushed.`);
  const there = `${plan.present.length} were there already`;
  lines.push(`Pushed ${pushed} of ${plan.todo.length} packages; ${there}${describeFailures(packages)}.`);
  const originals = originalsIn(result).length;
  if (originals > 0)
    lines.push(`Layers that came from a buildcache and are pushed as they were: ${originals}.`);
  if (canonical !== undefined) lines.push(describeTree(canonical.tree));
  lines.push(...describeEnvironments(allImages(result)));
  if (tagged !== undefined) {
    lines.push("error" in tagged ? renderError(tagged.error) : `Tagged all of them as ${tagged.tag}.`);
  }
  if (index?.outcome === "failed") lines.push(`The index was not written: ${renderError(index.error)}`);
  return lines;
}

function describeTree({ store, paddedLength }: CanonicalTree): string {
  const padding = paddedLength > 0 ? `, padded to ${paddedLength} characters` : "";
  return `Packages of this mirror are relocated to ${store.unpaddedRoot}${padding}.`;
}

/** Packages that cannot be relocated are not told as those that would be pushed. */
function describePlan({ plan, canonical }: PushResult): string[] {
  const isRefused = (hash: string) => canonical?.refused.has(hash) === true;
  return plan.todo.map(({ node, tag }) => `${isRefused(node.hash) ? "could not" : "would"} push ${tag}`);
}

/** What a package links and runs with must be there; absent build dependencies are only listed with `--strict`. */
function statusFor({ plan, canonical, packages, tagged, index }: PushResult, strict: boolean): number {
  const refused = [...(canonical?.refused.values() ?? [])];
  const errors = packages.flatMap((result) => (result.outcome === "failed" ? [result.error] : []));
  const ofTag = tagged !== undefined && "error" in tagged ? [tagged.error] : [];
  const ofIndex =
    index?.outcome === "failed" ? [index.error] : (index?.skipped.map((tag) => tag.error) ?? []);
  const absent = strict && plan.absent.length > 0 ? (["failed"] as const) : [];
  return statusOfAll([
    ...[...refused, ...errors, ...ofTag, ...ofIndex].map((error) => error.kind),
    ...absent,
  ]);
}
