// Small content (manifests, configs, indices) as bytes rather than streams, always with a limit.
import { Readable } from "node:stream";
import { SpackOciError } from "@spack-oci/errors";
import { type Descriptor, descriptorOf } from "../content/descriptor.js";
import type { BodyFactory, PushOptions, PushOutcome, RequestOptions, Target } from "./target.js";

/** The longest manifest that is pushed: 4 MiB (distribution specification, "Pushing Manifests"). */
export const MAX_PUSHED_MANIFEST_SIZE = 4 * 1024 * 1024;
/** The longest manifest that is read: 8 MiB, more generous than what is written. */
export const MAX_FETCHED_MANIFEST_SIZE = 8 * 1024 * 1024;

/** A body of bytes that are in memory. */
export function bodyOf(bytes: Uint8Array): BodyFactory {
  return () => Readable.from([bytes], { objectMode: false });
}

/**
 * Fetches content whole, or takes it from the target's cache; for configs and indices, not for layers.
 *
 * @throws SpackOciError of kind `unsupported`, code `ERR_OCI_TOO_LARGE`, when it is longer than `limit` bytes;
 * else as {@link Target.fetch} and its stream.
 */
export async function fetchBytes(
  target: Target,
  descriptor: Descriptor,
  options: RequestOptions & { readonly limit: number },
): Promise<Buffer> {
  if (descriptor.size > options.limit) {
    throw new SpackOciError(
      "ERR_OCI_TOO_LARGE",
      `${target.name}@${descriptor.digest} has ${descriptor.size} bytes, the limit is ${options.limit}`,
      {
        kind: "unsupported",
        place: target.name,
        hint: "Content of this kind is not expected to be so large.",
      },
    );
  }
  const kept = await target.cache?.read(descriptor);
  if (kept !== undefined) return kept;
  const chunks: Buffer[] = [];
  for await (const chunk of await target.fetch(descriptor, options)) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  await target.cache?.write(descriptor, bytes);
  return bytes;
}

/** The `sources` of a manifest's push for those of its children that are in memory. */
export function sourcesOf(
  ...children: readonly (readonly [Descriptor, Uint8Array])[]
): NonNullable<PushOptions["sources"]> {
  const held = new Map(children.map(([{ digest }, bytes]) => [digest, bodyOf(bytes)]));
  return ({ digest }) => held.get(digest);
}

/** Pushes bytes that are in memory, and says under which descriptor. */
export async function pushBytes(
  target: Target,
  bytes: Uint8Array,
  { mediaType, ...options }: PushOptions & { readonly mediaType: string },
): Promise<{ descriptor: Descriptor; outcome: PushOutcome }> {
  const descriptor = descriptorOf(mediaType, bytes);
  return { descriptor, outcome: await target.push(descriptor, bodyOf(bytes), options) };
}
