// spack-oci push: from an install tree into a buildcache.

import type { InstallTree, PushResult, RunnableImage } from "@spack-oci/buildcache";
import { LAYER_COMPRESSION, LAYER_COMPRESSIONS } from "@spack-oci/buildcache/limits";
import { defineCommand } from "../declaration/command.js";
import { choice, flag, repeated, text, withDefault } from "../declaration/parameter.js";
import { BASE_IMAGE_OPTION, digestsFileOption } from "../options/image.js";
import { relocationOf, relocationOptions } from "../options/install-tree.js";
import { MIRROR_ARGUMENT } from "../options/mirror.js";
import { onlyOption, WITHOUT_BUILD_OPTION } from "../options/packages.js";
import { SPECS_ARGUMENT, specRequest } from "../options/specs.js";
import { ciAnnotations } from "../process/ci-annotations.js";
import { statusOfAll } from "../process/exit-status.js";
import { sourceDate } from "../process/source-date.js";
import { requireDigestsFile, writeDigestsFile } from "../render/digests-file.js";
import { renderError } from "../render/error.js";
import { imageToJson } from "../render/images.js";
import { installTreeToJson } from "../render/install-tree.js";
import { errorToJson } from "../render/json.js";
import { indexErrors, indexLines, indexToJson } from "../render/package-index.js";
import {
  describeFailures,
  failuresToJson,
  formatPackage,
  packageErrors,
  packageToJson,
} from "../render/packages.js";
import type { CommandResult } from "../render/result.js";

export const pushCommand = defineCommand({
  name: "push",
  summary: "Push installed packages into a buildcache.",
  arguments: { mirror: MIRROR_ARGUMENT, specs: SPECS_ARGUMENT },
  options: {
    store: text(
      "--store <dir>",
      "install tree to push from, Spack's own by default: what holds .spack-db, or its unpadded root",
    ),
    force: flag("-f, --force", "push again what is there"),
    unsigned: flag(
      "-u, --unsigned",
      "push without signatures, as is always done; for compatibility with Spack",
    ),
    only: onlyOption("push"),
    withBuildDependencies: flag(
      "--with-build-dependencies",
      "take along installed build dependencies (the default)",
    ),
    withoutBuildDependencies: WITHOUT_BUILD_OPTION,
    strict: flag("--strict", "fail where a build dependency is not installed"),
    private: flag(
      "--private",
      "push what may not be redistributed too, as is always done; for compatibility with Spack",
    ),
    exclude: repeated("--exclude <spec>", "leave out what a spec matches; may be repeated"),
    excludeMirror: text("--exclude-mirror <mirror>", "leave out what another mirror has"),
    baseImage: BASE_IMAGE_OPTION,
    runEnvironment: withDefault(
      choice(
        "--run-environment <source>",
        "take what recipes add to environments from what is known without Spack, or run Spack for it",
        ["known", "spack"],
      ),
      "known",
    ),
    compression: withDefault(
      choice(
        "--compression <kind>",
        "compress layers with gzip, which every Spack reads, or zstd, which takes Python 3.14 for Spack to read",
        LAYER_COMPRESSIONS,
      ),
      LAYER_COMPRESSION,
    ),
    ...relocationOptions(
      "relocate packages to this root while they are packed; the mirror remembers it for whoever pushes to it",
    ),
    tag: text("-t, --tag <tag>", "put all packages that were named into one image under this tag, too"),
    digestsFile: digestsFileOption("pushed"),
    updateIndex: flag("--update-index", "write the index afterwards"),
    rebuildIndex: flag("--rebuild-index", "").hideHelp().implies({ updateIndex: true }),
    dryRun: flag("--dry-run", "say what would be pushed, and stop"),
  },
  async run(args, { session, run }) {
    const { push } = await import("@spack-oci/buildcache");
    const { digestsFile, strict, dryRun } = args;
    const createdAt = sourceDate(session.environmentVariables);
    if (digestsFile !== undefined) await requireDigestsFile(digestsFile);
    const relocateTo = relocationOf(args);
    const store = await session.stores.open(args.store);
    const target = session.mirrors.open(args.mirror, "push");
    const result = await push(
      target,
      {
        ...(await specRequest(args.specs, session)),
        force: args.force,
        only: args.only,
        withBuildDependencies: !args.withoutBuildDependencies,
        strict,
        exclude: args.exclude,
        excludeMirror:
          args.excludeMirror === undefined ? undefined : session.mirrors.open(args.excludeMirror, "fetch"),
        baseImage:
          args.baseImage === undefined ? undefined : session.mirrors.openImage(args.baseImage, target),
        spackQuery: args.runEnvironment === "spack" ? session.spack.spackQuery : undefined,
        compression: args.compression,
        relocateTo,
        rememberedInstallTree: session.mirrors.rememberedInstallTree(target),
        reuse: session.mirrors.reuseSources(target),
        tag: args.tag,
        updateIndex: args.updateIndex,
        dryRun,
        prefixInspections: session.spack.instanceIfAny?.prefixInspections,
        spackPrefix: session.spack.prefix,
        createdAt,
        annotations: ciAnnotations(session.environmentVariables, createdAt ?? new Date()),
      },
      { store, run },
    );
    if (digestsFile !== undefined && !dryRun)
      await writeDigestsFile(digestsFile, target.name, allImages(result));
    return renderPush(result, { strict, dryRun });
  },
});

export function renderPush(
  result: PushResult,
  { strict, dryRun }: { readonly strict: boolean; readonly dryRun: boolean },
): CommandResult {
  return {
    json: toJson(result),
    lines: dryRun ? describePlan(result) : toLines(result),
    status: statusFor(result, strict),
    shortensPadding: true,
  };
}

/** Those of packages, then that of all of them. */
function allImages({ images, tagged }: PushResult): readonly RunnableImage[] {
  return tagged === undefined || "error" in tagged ? images : [...images, tagged];
}

function toJson(result: PushResult) {
  const { plan, relocation, packages, tagged, index } = result;
  const pushed = packages.filter((result) => result.outcome === "done");
  return {
    planned: plan.todo.map((item) => ({ ...packageToJson(item.node), tag: item.tag })),
    ...(relocation === undefined ? {} : installTreeToJson(relocation)),
    pushed: pushed.map((result) => ({ ...packageToJson(result.package), bytes: result.bytes })),
    images: allImages(result).map((image) => ({
      ...imageToJson(image),
      runEnvironment: image.runEnvironment,
    })),
    present: plan.present.map((item) => ({ ...packageToJson(item.node), tag: item.tag })),
    absent: plan.absent.map(packageToJson),
    originals: reusedIn(result).map((item) => packageToJson(item.node)),
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
function reusedIn({ plan, reused }: PushResult) {
  return plan.todo.filter((item) => reused.has(item.node.hash));
}

function toLines(result: PushResult): string[] {
  const { plan, relocation, packages, tagged, index } = result;
  const pushed = packages.filter((result) => result.outcome === "done").length;
  const lines = plan.absent.map((node) => `${formatPackage(node)} is not installed, and was not pushed.`);
  const there = `${plan.present.length} were there already`;
  lines.push(`Pushed ${pushed} of ${plan.todo.length} packages; ${there}${describeFailures(packages)}.`);
  const reused = reusedIn(result).length;
  if (reused > 0) lines.push(`Layers that came from a buildcache and are pushed as they were: ${reused}.`);
  if (relocation !== undefined) lines.push(describeTree(relocation.tree));
  lines.push(...describeEnvironments(allImages(result)));
  if (tagged !== undefined) {
    lines.push("error" in tagged ? renderError(tagged.error) : `Tagged all of them as ${tagged.tag}.`);
  }
  return [...lines, ...indexLines(index)];
}

function describeTree({ store, paddedLength }: InstallTree): string {
  const padding = paddedLength > 0 ? `, padded to ${paddedLength} characters` : "";
  return `Packages of this mirror are relocated to ${store.unpaddedRoot}${padding}.`;
}

/** Packages that cannot be relocated are not told as those that would be pushed. */
function describePlan({ plan, relocation }: PushResult): string[] {
  const isRefused = (hash: string) => relocation?.refused.has(hash) === true;
  return plan.todo.map(({ node, tag }) => `${isRefused(node.hash) ? "could not" : "would"} push ${tag}`);
}

/** What a package links and runs with must be there; absent build dependencies are only listed with `--strict`. */
function statusFor({ plan, relocation, packages, tagged, index }: PushResult, strict: boolean): number {
  const errors = [
    ...(relocation?.refused.values() ?? []),
    ...packageErrors(packages),
    ...(tagged !== undefined && "error" in tagged ? [tagged.error] : []),
    ...indexErrors(index),
  ];
  const absent = strict && plan.absent.length > 0 ? (["failed"] as const) : [];
  return statusOfAll([...errors.map(({ kind }) => kind), ...absent]);
}
