// Remembers, for each pulled package, the layer that it came from and its fingerprint once installed. These notes are
// in the user's cache rather than in the store, so that the store equals one written by Spack.

import { type ContentCache, type Descriptor, type Digest, digestOf } from "@spack-oci/oci-client";

/** A layer that an installed package came from. */
export interface PulledLayer {
  /** The buildcache that it was pulled from. */
  readonly source: string;
  readonly descriptor: Descriptor;
  readonly diffId: string;
  /** The package's prefix in the layer, and the root of that install tree. */
  readonly prefix: string;
  readonly root: string;
  readonly sbangInstallPath: string | undefined;
  /** Prefixes that the layer may refer to, by DAG hash. */
  readonly hashToPrefix: Readonly<Record<string, string>>;
}

/** The same, with the fingerprint of the package once it was relocated and installed. */
export interface PullNote extends PulledLayer {
  /** As `fingerprintPrefix` returns it. */
  readonly fingerprint: string;
}

/** A package of a store. */
export interface InstalledPackage {
  /** Root of the install tree. */
  readonly root: string;
  /** DAG hash. */
  readonly hash: string;
}

/** A change to the format of notes needs a new kind. */
const NOTE = "pull2";

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

/** Several stores may have the same package. */
function keyOf({ root, hash }: InstalledPackage): Digest {
  return digestOf(Buffer.from(`${root}\0${hash}`));
}

/** Only this program writes notes, in the user's own directory, so their shape is all that needs checking. */
function isNote(note: unknown): note is PullNote {
  return typeof note === "object" && note !== null && "fingerprint" in note && "hashToPrefix" in note;
}
