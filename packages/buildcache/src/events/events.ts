// Everything that a verb tells while it works: one typed union, rendered by whoever listens.

import type { SpackOciError } from "@spack-oci/errors";
import type { Finding } from "../findings/finding.js";

/** A package as messages name it. */
export interface PackageName {
  readonly name: string;
  readonly version: string;
  /** DAG hash. */
  readonly hash: string;
}

/** What happens to a package on its way, in order. A package that is `present` has no further steps. */
export type PackageStep =
  /** Looked through, before anything is sent. */
  | "examining"
  | "packing"
  | "uploading"
  | "tagging"
  /** Another process installs or removes the same package. */
  | "waiting"
  | "fetching"
  | "relocating"
  | "installing";

/** How a package's way ended. */
export type PackageOutcome =
  | { readonly outcome: "done"; readonly bytes: number; readonly seconds: number }
  /** Another process did it in the meantime. */
  | { readonly outcome: "present" }
  | { readonly outcome: "failed"; readonly error: SpackOciError }
  /** Not tried, or dropped, because something it needs had failed. */
  | { readonly outcome: "skipped"; readonly because: PackageName };

/** How the copy of a tag ended. */
export type TagOutcome =
  | { readonly outcome: "copied"; readonly bytes: number; readonly seconds: number }
  | { readonly outcome: "failed"; readonly error: SpackOciError }
  /** Not tried, because a package that it needs had failed. */
  | { readonly outcome: "skipped"; readonly because: PackageName };

export type BuildcacheEvent =
  | { readonly type: "planned"; readonly todo: number; readonly present: number }
  | {
      readonly type: "step";
      readonly package: PackageName;
      readonly step: PackageStep;
      readonly bytes?: number;
    }
  | { readonly type: "bytes"; readonly package: PackageName; readonly count: number }
  /** A tag is being copied, with whatever it names. */
  | { readonly type: "copying"; readonly tag: string }
  | { readonly type: "bytes"; readonly tag: string; readonly count: number }
  | ({ readonly type: "copied"; readonly tag: string } & TagOutcome)
  | { readonly type: "deleted"; readonly tag: string }
  | ({ readonly type: "done"; readonly package: PackageName } & PackageOutcome)
  | {
      readonly type: "index";
      readonly step: "reading" | "writing" | "unchanged" | "written";
      readonly specs: number;
    }
  /** A tag was looked at, whatever was found. */
  | { readonly type: "checked"; readonly tag: string }
  | { readonly type: "finding"; readonly finding: Finding }
  | {
      /** What is done for an image of several packages, and with how many of them. */
      readonly type: "image";
      readonly step: "merging" | "linking" | "tagged";
      readonly packages: number;
    }
  /** Packages that cannot be relocated; comes before anything is sent. */
  | { readonly type: "unrelocatable"; readonly error: SpackOciError }
  | { readonly type: "warning"; readonly message: string; readonly place?: string | undefined };

/** Takes events; must not throw. */
export type Listener = (event: BuildcacheEvent) => void;

/** The short form that people read: `name@version/hash7`. */
export function describePackage({ name, version, hash }: PackageName): string {
  return `${name}@${version}/${hash.slice(0, 7)}`;
}
