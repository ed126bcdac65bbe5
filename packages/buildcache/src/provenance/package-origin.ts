// Keeps what an audit finds out about where a package was built, also between runs.

import type { Digest, Target } from "@spack-oci/oci-client";
import type { LayerProvenance } from "@spack-oci/spack-tarball";

/** Where a package was built, as far as its layer was read. */
export interface PackageOrigin {
  /** Absolute. */
  readonly prefix: string | undefined;
  /** The version of Spack that built it. */
  readonly spackVersion: string | undefined;
  /** From `binary_distribution`; undefined if that was not read. */
  readonly install: InstallOrigin | undefined;
}

interface InstallOrigin {
  /** The root of the install tree it was built in, with padding. */
  readonly root: string;
  /** Prefixes that the package may refer to besides its own. */
  readonly otherPrefixes: readonly string[];
  /** Whether it has files whose paths cannot grow freely. */
  readonly hasBinaries: boolean;
}

export function summarizeOrigin({ prefix, spackVersion, buildInfo }: LayerProvenance): PackageOrigin {
  const install = buildInfo && {
    root: buildInfo.buildPath,
    otherPrefixes: [...buildInfo.hashToPrefix.values()].filter((other) => other !== prefix),
    hasBinaries: buildInfo.relocateBinaries.length > 0,
  };
  return { prefix, spackVersion, install };
}

/** A change to the format of notes needs a new kind. */
const NOTE = "origin1";

/** The result of an earlier run for a layer. */
export async function readKeptOrigin({ cache }: Target, layer: Digest): Promise<PackageOrigin | undefined> {
  const note = await cache?.readNote(layer, NOTE);
  return isOrigin(note) ? note : undefined;
}

export async function keepOrigin({ cache }: Target, layer: Digest, origin: PackageOrigin): Promise<void> {
  await cache?.writeNote(layer, NOTE, origin);
}

function isOrigin(note: unknown): note is PackageOrigin {
  if (typeof note !== "object" || note === null) return false;
  const { prefix, spackVersion, install } = note as Record<keyof PackageOrigin, unknown>;
  return (
    isOptionalString(prefix) &&
    isOptionalString(spackVersion) &&
    (install === undefined || isInstall(install))
  );
}

function isInstall(value: unknown): value is InstallOrigin {
  if (typeof value !== "object" || value === null) return false;
  const { root, otherPrefixes, hasBinaries } = value as Record<keyof InstallOrigin, unknown>;
  const areTexts = Array.isArray(otherPrefixes) && otherPrefixes.every((each) => typeof each === "string");
  return typeof root === "string" && areTexts && typeof hasBinaries === "boolean";
}

function isOptionalString(value: unknown): boolean {
  return value === undefined || typeof value === "string";
}
