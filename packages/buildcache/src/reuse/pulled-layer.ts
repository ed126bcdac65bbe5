// What is remembered of a package that was pulled: the layer that it came in, and how it looked when it was in place. It stands in
// the user's cache and not in the store, where everything is as Spack would have made it.

import { type ContentCache, type Descriptor, type Digest, digestOf } from "@spack-oci/oci-client";

/** A layer that a package of a store came in. */
export interface PulledLayer {
  /** The buildcache that it was pulled from. */
  readonly source: string;
  readonly descriptor: Descriptor;
  readonly diffId: string;
  /** Where the layer has the package, and the root of that install tree. */
  readonly prefix: string;
  readonly root: string;
  readonly sbangInstallPath: string | undefined;
  /** Prefixes that the layer may name, by DAG hash. */
  readonly hashToPrefix: Readonly<Record<string, string>>;
}

/** The same, with how the package looked once it was relocated and in place. */
export interface PullNote extends PulledLayer {
  /** By `fingerprintPrefix`. */
  readonly fingerprint: string;
}

/** A package of a store. */
export interface InstalledPackage {
  /** Root of the install tree. */
  readonly root: string;
  /** DAG hash. */
  readonly hash: string;
}

/** Notes of another form have another kind. */
const NOTE = "pull1";

export async function noteLayer(
  cache: ContentCache,
  { root, hash }: InstalledPackage,
  note: PullNote,
): Promise<void> {
  await cache.writeNote(keyOf({ root, hash }), NOTE, note);
}

export async function readPullNote(
  cache: ContentCache,
  place: InstalledPackage,
): Promise<PullNote | undefined> {
  const note = await cache.readNote(keyOf(place), NOTE);
  return isNote(note) ? note : undefined;
}

/** A package may be in several stores. */
function keyOf({ root, hash }: InstalledPackage): Digest {
  return digestOf(Buffer.from(`${root}\0${hash}`));
}

/** This program wrote it, in a directory that is the user's own: its form tells whether all of it is there. */
function isNote(note: unknown): note is PullNote {
  return typeof note === "object" && note !== null && "fingerprint" in note && "hashToPrefix" in note;
}
