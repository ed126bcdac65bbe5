// Small content (manifests, configs, indexes) as bytes rather than streams, always with a limit.

import { Readable } from "node:stream";
import { SpackOciError } from "@spack-oci/errors";
import { type Descriptor, descriptorOf } from "../content/descriptor.js";
import { collect } from "./collect.js";
import { HeldStream } from "./held-stream.js";
import type {
  BodyFactory,
  PushOptions,
  PushOutcome,
  RequestOptions,
  Target,
  TransferOptions,
} from "./target.js";

const inMemory = new WeakMap<BodyFactory, Uint8Array>();

/** A body of bytes in memory. */
export function bodyOf(bytes: Uint8Array): BodyFactory {
  const body = () => Readable.from([bytes], { objectMode: false });
  inMemory.set(body, bytes);
  return body;
}

/** The bytes of a body that {@link bodyOf} made, for those who need no stream. */
export function bytesOf(body: BodyFactory): Uint8Array | undefined {
  return inMemory.get(body);
}

/**
 * Fetches content into memory, or takes it from the target's cache; for configs and indexes, not for layers.
 *
 * @throws SpackOciError of kind `corrupt`, code `ERR_OCI_OVERSIZED`, if it exceeds `limit` bytes; and as {@link
 *   Target.fetch} and its stream do.
 *
 * @example
 * ```ts
 * import { fetchBytes, fetchManifest, isImageIndex, openTarget } from "@spack-oci/oci-client";
 *
 * const target = openTarget("oci-layout:buildcache");
 * const { manifest } = await fetchManifest(target, "index.spack");
 * if (isImageIndex(manifest)) throw new Error("index.spack is not an image.");
 * const bytes = await fetchBytes(target, manifest.config, { limit: 1_000_000 });
 * console.log(bytes.length === manifest.config.size); // true
 * ```
 */
export async function fetchBytes(
  target: Target,
  descriptor: Descriptor,
  options: RequestOptions & { readonly limit: number },
): Promise<Buffer> {
  if (descriptor.size > options.limit) {
    throw new SpackOciError(
      "ERR_OCI_OVERSIZED",
      `${target.name}@${descriptor.digest} has ${descriptor.size} bytes, which exceeds the limit of ${options.limit}.`,
      {
        kind: "corrupt",
        place: target.name,
        hint: "Check what was pushed; content of this kind is never that large.",
      },
    );
  }
  const kept = await target.cache?.read(descriptor);
  if (kept !== undefined) return kept;
  const bytes = await fetchWhole(target, descriptor, options);
  await target.cache?.write(descriptor, bytes);
  return bytes;
}

/**
 * Fetches content into memory, whatever its size.
 *
 * @throws SpackOciError as {@link Target.fetch} and its stream do.
 */
export async function fetchWhole(
  target: Target,
  descriptor: Descriptor,
  options: TransferOptions = {},
): Promise<Buffer> {
  const stream = await target.fetch(descriptor, options);
  return stream instanceof HeldStream ? stream.bytes : collect(stream, descriptor.size);
}

/** The `sources` of a manifest's push, for children in memory. */
export function sourcesOf(
  ...children: readonly (readonly [Descriptor, Uint8Array])[]
): NonNullable<PushOptions["sources"]> {
  const held = new Map(children.map(([{ digest }, bytes]) => [digest, bodyOf(bytes)]));
  return ({ digest }) => held.get(digest);
}

/**
 * Pushes bytes in memory, and returns their descriptor.
 *
 * @example
 * ```ts
 * import { MEDIA_TYPES, MemoryTarget, pushBytes } from "@spack-oci/oci-client";
 *
 * const target = new MemoryTarget();
 * const { descriptor } = await pushBytes(target, Buffer.from("{}"), { mediaType: MEDIA_TYPES.ociConfig });
 * console.log(await target.exists(descriptor)); // true
 * ```
 */
export async function pushBytes(
  target: Target,
  bytes: Uint8Array,
  { mediaType, ...options }: PushOptions & { readonly mediaType: string },
): Promise<{ descriptor: Descriptor; outcome: PushOutcome }> {
  const descriptor = descriptorOf(mediaType, bytes);
  return { descriptor, outcome: await target.push(descriptor, bodyOf(bytes), options) };
}
