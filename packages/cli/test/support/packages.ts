// Packages, errors and outcomes for results made by hand.

import type { PackageResult, PushResult } from "@spack-oci/buildcache";
import { type ErrorKind, SpackOciError } from "@spack-oci/errors";

/** A package in a plan. */
type Node = PushResult["plan"]["roots"][number];

/** A package as results name it. */
export function named(name: string) {
  return { name, version: "1.0", hash: `${name}${"x".repeat(32 - name.length)}` };
}

/** A package as plans hold it; only its name, version and hash are ever rendered. */
export function node(name: string): Node {
  return named(name) as unknown as Node;
}

export function tagOf(name: string): string {
  return `${name}-1.0-${named(name).hash}.spack`;
}

export function failure(kind: ErrorKind = "denied", message = "no access"): SpackOciError {
  return new SpackOciError("ERR_TEST", message, { kind });
}

export function done(name: string, bytes = 1000): PackageResult {
  return { package: named(name), outcome: "done", bytes, seconds: 1 };
}

export function failed(name: string, kind: ErrorKind = "denied"): PackageResult {
  return { package: named(name), outcome: "failed", error: failure(kind) };
}

export function skipped(name: string, because: string): PackageResult {
  return { package: named(name), outcome: "skipped", because: named(because) };
}

/** The JSON form of {@link failure}. */
export const FAILURE_JSON = { code: "ERR_TEST", kind: "denied", message: "no access" };

export function descriptor(letter: string) {
  return { mediaType: "application/x", digest: `sha256:${letter.repeat(64)}` as const, size: 7 };
}
