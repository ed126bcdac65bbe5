// spack-oci push: pushes installed packages to a buildcache.

import type { PushResult, RunnableImage, SpecRequest } from "@spack-oci/buildcache";
import { LAYER_COMPRESSION, LAYER_COMPRESSIONS } from "@spack-oci/buildcache/limits";
import { defineCommand } from "../declaration/command.js";
import { choice, flag, repeated, text, withDefault } from "../declaration/parameter.js";
import { dryRunOption } from "../options/common.js";
import { DOCUMENT_OPTIONS, documentRequests } from "../options/documents.js";
import { BASE_IMAGE_OPTION, digestsFileOption } from "../options/image.js";
import { relocationOf, relocationOptions, storeOption } from "../options/install-tree.js";
import { MIRROR_ARGUMENT } from "../options/mirror.js";
import { SIGN_OPTIONS, signerOfOptions } from "../options/signing.js";
import {
  allOption,
  narrowedLine,
  onlyOption,
  SPECS_ARGUMENT,
  specRequest,
  WITHOUT_BUILD_OPTION,
} from "../options/specs.js";
import { NO_VERIFY_OPTION } from "../options/verification.js";
import { ciAnnotations } from "../process/ci-annotations.js";
import { statusOfAll } from "../process/exit-status.js";
import { sourceDate } from "../process/source-date.js";
import { requireDigestsFile, writeDigestsFile } from "../render/digests-file.js";
import { renderError } from "../render/error.js";
import { failureLines, packageFailures } from "../render/failures.js";
import { imageToJson, variableSourceLines } from "../render/images.js";
import { describeInstallTree, installTreeToJson } from "../render/install-tree.js";
import { errorToJson } from "../render/json.js";
import { indexErrors, indexLines, indexToJson } from "../render/package-index.js";
import {
  describeFailures,
  failuresToJson,
  formatPackage,
  packageErrors,
  packageToJson,
  plannedToJson,
} from "../render/packages.js";
import type { CommandResult } from "../render/result.js";
import { formatCount } from "../render/units.js";

export const pushCommand = defineCommand({
  name: "push",
  summary: "Push installed packages to a buildcache.",
  examples: [
    {
      purpose: "Push zlib and its dependencies, and update the index",
      line: "push mochi zlib --update-index",
    },
    {
      purpose: "Push an environment as images on top of ubuntu",
      line: "-e tests push mochi --base-image ubuntu:22.04",
    },
  ],
  arguments: { mirror: MIRROR_ARGUMENT, specs: SPECS_ARGUMENT },
  options: {
    store: storeOption("push from"),
    all: allOption("installed packages"),
    force: flag("-f, --force", "push packages even if they already exist"),
    unsigned: flag(
      "-u, --unsigned",
      "accepted for compatibility with Spack, whose signatures are other ones",
    ),
    only: onlyOption("push"),
    withBuildDependencies: flag(
      "--with-build-dependencies",
      "include installed build dependencies (the default)",
    ),
    withoutBuildDependencies: WITHOUT_BUILD_OPTION,
    strict: flag(
      "--strict",
      "fail if a build dependency is not installed, or if the mirror's packages have longer, padded roots",
    ),
    failFast: flag("--fail-fast", "tag nothing unless every package is installed and every layer was sent"),
    private: flag(
      "--private",
      "accepted for compatibility with Spack; non-redistributable packages are always included",
    ),
    exclude: repeated("--exclude <spec>", "exclude packages that match a spec; repeatable"),
    excludeMirror: text("--exclude-mirror <mirror>", "exclude packages that another mirror has"),
    baseImage: BASE_IMAGE_OPTION,
    runEnvironment: withDefault(
      choice(
        "--run-environment <source>",
        "where to get variables set by recipes: the built-in table (known) or Spack itself (spack)",
        ["known", "spack"],
      ),
      "known",
    ),
    compression: withDefault(
      choice(
        "--compression <kind>",
        "compression of layers: gzip, which every Spack reads, or zstd, which Spack reads with Python 3.14 or newer",
        LAYER_COMPRESSIONS,
      ),
      LAYER_COMPRESSION,
    ),
    ...relocationOptions(
      "relocate packages to this root while packing; the mirror records it for later pushes",
    ),
    tag: text("-t, --tag <tag>", "also put all named packages into one image with this tag"),
    digestsFile: digestsFileOption("pushed"),
    ...DOCUMENT_OPTIONS,
    updateIndex: flag("--update-index", "update the index afterwards"),
    rebuildIndex: flag("--rebuild-index", "").hideHelp().implies({ updateIndex: true }),
    ...SIGN_OPTIONS,
    noVerify: NO_VERIFY_OPTION,
    dryRun: dryRunOption("what would be pushed"),
  },
  async run(args, context) {
    const { session, run } = context;
    const { push } = await import("@spack-oci/buildcache");
    const { digestsFile, strict, failFast, dryRun } = args;
    const createdAt = sourceDate(session.environmentVariables);
    if (digestsFile !== undefined) await requireDigestsFile(digestsFile);
    const documents = await documentRequests(args, session);
    const relocateTo = relocationOf(args);
    const store = await session.stores.open(args.store);
    const signer = await signerOfOptions(args, context);
    const verification = args.noVerify ? "none" : undefined;
    const target = session.mirrors.open(args.mirror, "push", { verification });
    const request = await specRequest(args.specs, session, args.all ? "all" : "environment");
    const result = await push(
      target,
      {
        ...request,
        force: args.force,
        only: args.only,
        withBuildDependencies: !args.withoutBuildDependencies,
        strict,
        failFast,
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
        upstreams: await session.stores.upstreams(args.store),
        spackPrefix: session.spack.prefix,
        createdAt,
        signer,
        ...documents,
        annotations: ciAnnotations(session.environmentVariables, createdAt ?? new Date()),
      },
      { store, run },
    );
    if (digestsFile !== undefined && !dryRun)
      await writeDigestsFile(digestsFile, target.name, allImages(result));
    const rendered = renderPush(result, dryRun);
    return { ...rendered, lines: [...rendered.lines, ...describeScope(result, request)] };
  },
});

/** An environment without specs means its packages, not the store's. */
function describeScope({ plan }: PushResult, request: SpecRequest): readonly string[] {
  if (request.specs.length > 0) return [];
  const counts = {
    count: plan.todo.length + plan.present.length,
    total: plan.installed,
    of: "installed packages",
  };
  return narrowedLine(request, counts, "use --all for all");
}

export function renderPush(result: PushResult, dryRun: boolean): CommandResult {
  return {
    json: toJson(result),
    lines: dryRun ? describePlan(result) : toLines(result),
    status: statusFor(result),
    shortensPadding: true,
  };
}

/** The images of packages, then the image of all of them. */
function allImages({ images, tagged }: PushResult): readonly RunnableImage[] {
  return tagged === undefined || "error" in tagged ? images : [...images, tagged];
}

function toJson(result: PushResult) {
  const { plan, relocation, packages, tagged, index } = result;
  const pushed = packages.filter((result) => result.outcome === "done");
  return {
    planned: plan.todo.map(plannedToJson),
    ...(relocation === undefined ? {} : installTreeToJson(relocation)),
    pushed: pushed.map((result) => ({ ...packageToJson(result.package), bytes: result.bytes })),
    images: allImages(result).map((image) => ({
      ...imageToJson(image),
      runEnvironment: image.runEnvironment,
    })),
    present: plan.present.map(plannedToJson),
    absent: plan.absent.map(packageToJson),
    originals: reusedIn(result).map((item) => packageToJson(item.node)),
    excluded: plan.excluded.map(plannedToJson),
    ...failuresToJson(packages),
    ...(tagged === undefined ? {} : { tagged: taggedToJson(tagged) }),
    ...(index === undefined ? {} : { index: indexToJson(index) }),
  };
}

function taggedToJson(tagged: NonNullable<PushResult["tagged"]>) {
  return "error" in tagged ? { error: errorToJson(tagged.error) } : { tag: tagged.tag };
}

/** Packages that are pushed with the layers they were pulled as. */
function reusedIn({ plan, reused }: PushResult) {
  return plan.todo.filter((item) => reused.has(item.node.hash));
}

function toLines(result: PushResult): string[] {
  const { plan, relocation, packages, tagged, index } = result;
  const pushed = packages.filter((result) => result.outcome === "done").length;
  const lines = plan.absent.map((node) => `${formatPackage(node)} is not installed and was not pushed.`);
  const present = `${plan.present.length} already present`;
  lines.push(
    ...failureLines(packageFailures(packages)),
    `Pushed ${pushed} of ${formatCount(plan.todo.length, "package")}; ${present}${describeFailures(packages)}.`,
  );
  const reused = reusedIn(result).length;
  if (reused > 0) lines.push(`Reused the layers of ${formatCount(reused, "pulled package")}.`);
  if (relocation !== undefined) lines.push(describeInstallTree(relocation.tree));
  lines.push(...variableSourceLines(allImages(result)));
  if (tagged !== undefined) {
    lines.push("error" in tagged ? renderError(tagged.error) : `Tagged all packages as ${tagged.tag}.`);
  }
  return [...lines, ...indexLines(index)];
}

/** Packages that cannot be relocated are marked as such. */
function describePlan({ plan, relocation }: PushResult): string[] {
  const isRefused = (hash: string) => relocation?.refused.has(hash) === true;
  return plan.todo.map(({ node, tag }) => `${isRefused(node.hash) ? "cannot" : "would"} push ${tag}`);
}

/** A wanted package that is nowhere fails the push, as in Spack; without `--strict` no build dependency is wanted. */
function statusFor({ plan, relocation, packages, tagged, index }: PushResult): number {
  const errors = [
    ...(relocation?.refused.values() ?? []),
    ...packageErrors(packages),
    ...(tagged !== undefined && "error" in tagged ? [tagged.error] : []),
    ...indexErrors(index),
  ];
  const absent = plan.absent.map(() => ({ kind: "failed" }) as const);
  return statusOfAll([...errors, ...absent]);
}
