// spack-oci image: builds one container image from packages in a buildcache.

import type { ImageResult, PlatformImage, PushedImage, Session, SpecRequest } from "@spack-oci/buildcache";
import { MAX_LAYERS } from "@spack-oci/buildcache/limits";
import { defineCommand } from "../declaration/command.js";
import { assignments, flag, parsed, repeated, requiredText, text } from "../declaration/parameter.js";
import { dryRunOption } from "../options/common.js";
import { BASE_IMAGE_OPTION, digestsFileOption } from "../options/image.js";
import { readAssignment, readCommand } from "../options/image-settings.js";
import { MIRROR_ARGUMENT } from "../options/mirror.js";
import { allOption, SPECS_ARGUMENT, specRequest } from "../options/specs.js";
import { VERIFY_OPTIONS, verificationOf } from "../options/verification.js";
import { wholeNumber } from "../options/whole-number.js";
import { ciAnnotations } from "../process/ci-annotations.js";
import { EXIT_STATUS } from "../process/exit-status.js";
import { sourceDate } from "../process/source-date.js";
import { requireDigestsFile, writeDigestsFile } from "../render/digests-file.js";
import { imageToJson } from "../render/images.js";
import { packageToJson } from "../render/packages.js";
import type { CommandResult } from "../render/result.js";
import { formatCount } from "../render/units.js";

export const imageCommand = defineCommand({
  name: "image",
  summary: "Build a container image from packages in a buildcache.",
  examples: [
    {
      purpose: "Build an image of mofka with a view",
      line: "image mochi mofka --tag mofka --view /opt/view",
    },
    {
      purpose: "Build an image of an environment",
      line: "image mochi --lockfile spack.lock --tag ghcr.io/me/tools:1.0",
    },
  ],
  arguments: { mirror: MIRROR_ARGUMENT, specs: SPECS_ARGUMENT },
  options: {
    tag: requiredText(
      "-t, --tag <name>",
      "tag in the mirror's repository, or the full name of another image",
    ),
    lockfile: repeated(
      "--lockfile <file>",
      "take packages from a spack.lock; default: all its roots; repeatable",
    ),
    all: allOption("packages in the mirror"),
    baseImage: BASE_IMAGE_OPTION,
    platform: repeated(
      "--platform <platform>",
      "platform such as linux/amd64 or linux/amd64/v3; repeat it for a multi-platform image",
    ),
    maxLayers: parsed(
      "--max-layers <n>",
      `merge the smallest layers beyond this number; default: ${MAX_LAYERS}`,
      wholeNumber({ min: 1, max: MAX_LAYERS }),
    ).conflicts("squash"),
    squash: flag("--squash", "merge all packages into one layer"),
    view: text("--view <dir>", "link all packages into this directory of the image, such as /opt/view"),
    env: assignments("--env <name=value>", "set an environment variable; repeatable", readAssignment),
    label: assignments("--label <name=value>", "set a label; repeatable", readAssignment),
    entrypoint: parsed("--entrypoint <command>", "command to run: one word or a JSON array", readCommand),
    cmd: parsed("--cmd <command>", "default arguments of the command: one word or a JSON array", readCommand),
    workdir: text("--workdir <dir>", "working directory"),
    user: text("--user <user>", "user to run as"),
    digestsFile: digestsFileOption("built"),
    ...VERIFY_OPTIONS,
    dryRun: dryRunOption("what the image would contain"),
  },
  async run(args, context) {
    const { image, formatPlatform, parsePlatform } = await import("@spack-oci/buildcache");
    const { session, run } = context;
    const { digestsFile, dryRun } = args;
    const environment = session.environmentVariables;
    const createdAt = sourceDate(environment);
    if (digestsFile !== undefined) await requireDigestsFile(digestsFile);
    const {
      mirror,
      tag,
      destination = mirror,
    } = session.mirrors.openImageDestination(args.mirror, args.tag, verificationOf(args));
    const request = await requestOf(args, session);
    const result = await image(
      mirror,
      {
        ...request,
        tag,
        destination,
        baseImage:
          args.baseImage === undefined ? undefined : session.mirrors.openImage(args.baseImage, mirror),
        platforms: args.platform?.map(parsePlatform),
        maxLayers: args.maxLayers,
        squash: args.squash,
        view: args.view,
        settings: {
          variables: args.env,
          labels: args.label,
          entrypoint: args.entrypoint,
          command: args.cmd,
          workingDirectory: args.workdir,
          user: args.user,
        },
        createdAt,
        annotations: (created) => ciAnnotations(environment, created),
        dryRun,
      },
      { run },
    );
    if (digestsFile !== undefined && !dryRun)
      await writeDigestsFile(digestsFile, destination.name, allImages(result));
    const rendered = renderImage(result, { tag, place: destination.name, formatPlatform });
    return { ...rendered, lines: [...describeScope(request, args), ...rendered.lines] };
  },
});

/** The options that choose packages. */
interface ScopeOptions {
  readonly specs: readonly string[];
  readonly lockfile: readonly string[] | undefined;
  readonly all: boolean;
}

async function requestOf({ specs, lockfile, all }: ScopeOptions, session: Session): Promise<SpecRequest> {
  if (lockfile === undefined) return specRequest(specs, session, all ? "all" : "environment");
  const { requestedLockfiles } = await import("@spack-oci/buildcache");
  return { specs, environment: requestedLockfiles(lockfile) };
}

/** Names an environment that the user may not think of; the last line stays the image's, for scripts. */
function describeScope({ specs, environment }: SpecRequest, { lockfile }: ScopeOptions): readonly string[] {
  if (environment === undefined || specs.length > 0 || lockfile !== undefined) return [];
  return [`Only packages of environment ${environment.name} are included; use --all for all in the mirror.`];
}

/** Where an image was written, and how to format its platforms. */
interface ImageNaming {
  readonly tag: string;
  readonly place: string;
  readonly formatPlatform: (platform: PlatformImage["platform"]) => string;
}

export function renderImage(result: ImageResult, naming: ImageNaming): CommandResult {
  return { json: toJson(result, naming), lines: toLines(result, naming), status: EXIT_STATUS.done };
}

/** The image behind the tag first, then the images that it lists. */
function allImages({ pushed, images }: ImageResult): PushedImage[] {
  const listed = images.flatMap((each) => each.pushed ?? []);
  return pushed === undefined || listed.includes(pushed) ? listed : [pushed, ...listed];
}

function toJson(result: ImageResult, { formatPlatform }: ImageNaming) {
  const { pushed, images } = result;
  return {
    ...(pushed === undefined ? {} : { image: imageToJson(pushed) }),
    platforms: images.map(({ platform, roots, groups, pushed: made, conflicts }) => ({
      platform: formatPlatform(platform),
      roots: roots.map(packageToJson),
      packages: groups.map((group) => group.map(packageToJson)),
      ...(made === undefined ? {} : { image: imageToJson(made) }),
      conflicts,
    })),
  };
}

function toLines({ pushed, images }: ImageResult, { tag, place, formatPlatform }: ImageNaming): string[] {
  const verb = pushed === undefined ? "would have" : "has";
  const made = images.map((each) => `${formatPlatform(each.platform)} ${verb} ${describeContent(each)}.`);
  return pushed === undefined ? made : [...made, `${place}:${tag}@${pushed.descriptor.digest}`];
}

function describeContent({ groups, conflicts }: PlatformImage): string {
  const merged = groups.filter((group) => group.length > 1).flat().length;
  const how = merged === 0 ? "" : `, ${merged} of them merged`;
  const left =
    conflicts.length === 0 ? "" : `; ${formatCount(conflicts.length, "file")} left out of the view`;
  return `${formatCount(groups.flat().length, "package")} in ${formatCount(groups.length, "layer")}${how}${left}`;
}
