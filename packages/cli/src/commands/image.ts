// spack-oci image: packages of a buildcache as one container image.

import {
  formatPlatform,
  type ImageResult,
  image,
  type PlatformImage,
  type PushedImage,
  parsePlatform,
  requestedLockfiles,
  type Session,
  type SpecRequest,
} from "@spack-oci/buildcache";
import { ciAnnotations } from "../ci-annotations.js";
import { exitStatus } from "../exit-status.js";
import { imageToJson, requireDigestsFile, writeDigestsFile } from "../output/digests-file.js";
import { packageToJson } from "../output/results.js";
import { sourceDate } from "../source-date.js";
import type { CommandContext, CommandResult } from "./command-context.js";
import { specRequest } from "./spec-request.js";

export interface ImageArguments {
  readonly mirror: string;
  readonly specs: readonly string[];
  readonly tag: string;
  readonly lockfile?: readonly string[] | undefined;
  readonly baseImage?: string | undefined;
  readonly platform?: readonly string[] | undefined;
  readonly maxLayers?: number | undefined;
  readonly squash?: boolean | undefined;
  readonly view?: string | undefined;
  readonly env?: ReadonlyMap<string, string> | undefined;
  readonly label?: ReadonlyMap<string, string> | undefined;
  readonly entrypoint?: readonly string[] | undefined;
  readonly cmd?: readonly string[] | undefined;
  readonly workdir?: string | undefined;
  readonly user?: string | undefined;
  readonly digestsFile?: string | undefined;
  readonly dryRun?: boolean | undefined;
}

export async function imageCommand(args: ImageArguments, context: CommandContext): Promise<CommandResult> {
  const { session, scheduler, listener, signal } = context;
  const { digestsFile, dryRun = false } = args;
  const environment = session.environmentVariables;
  const createdAt = sourceDate(environment);
  if (digestsFile !== undefined) await requireDigestsFile(digestsFile);
  const { mirror, tag, destination = mirror } = session.openImageDestination(args.mirror, args.tag);
  const result = await image(mirror, scheduler, requestOf(args, session), {
    tag,
    destination,
    baseImage: args.baseImage === undefined ? undefined : session.openImage(args.baseImage, mirror),
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
    listener,
    signal,
  });
  if (digestsFile !== undefined && !dryRun) {
    await writeDigestsFile(digestsFile, destination.name, allImages(result));
  }
  return { json: toJson(result), lines: toLines(result, tag, destination.name), status: exitStatus.done };
}

function requestOf({ specs, lockfile }: ImageArguments, session: Session): SpecRequest {
  if (lockfile === undefined) return specRequest(specs, session);
  return { specs, environment: requestedLockfiles(lockfile) };
}

/** What the tag names, then what that lists. */
function allImages({ pushed, images }: ImageResult): PushedImage[] {
  const listed = images.flatMap((each) => each.pushed ?? []);
  return pushed === undefined || listed.includes(pushed) ? listed : [pushed, ...listed];
}

function toJson(result: ImageResult) {
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

function toLines({ pushed, images }: ImageResult, tag: string, place: string): string[] {
  const made = images.map((each) => describe(each, pushed === undefined ? "would have" : "has"));
  return pushed === undefined ? made : [...made, `${place}:${tag}@${pushed.descriptor.digest}`];
}

function describe({ platform, groups, conflicts }: PlatformImage, verb: string): string {
  const merged = groups.filter((group) => group.length > 1).flat().length;
  const how = merged === 0 ? "" : `, ${merged} of them in one`;
  const left = conflicts.length === 0 ? "" : `; ${conflicts.length} files are not in the view`;
  return `${formatPlatform(platform)} ${verb} ${groups.flat().length} packages in ${groups.length} layers${how}${left}.`;
}
