// Defines every event that a verb emits while it works: one typed union, rendered by the listener.

import type { SpackOciError } from "@spack-oci/errors";
import type { Finding } from "../findings/finding.js";

/** A package as messages name it. */
export interface PackageName {
  readonly name: string;
  readonly version: string;
  /** DAG hash. */
  readonly hash: string;
}

/** The steps of a package, in order. A package that is `present` has no further steps. */
export type PackageStep =
  /** Scanned, before anything is sent. */
  | "examining"
  | "packing"
  | "uploading"
  | "tagging"
  /** Another process installs or removes the same package. */
  | "waiting"
  | "removing"
  | "fetching"
  | "relocating"
  | "installing";

/** How the work on a package ended. */
export type PackageOutcome =
  | { readonly outcome: "done"; readonly bytes: number; readonly seconds: number }
  /** Another process did the work in the meantime. */
  | { readonly outcome: "present" }
  | { readonly outcome: "failed"; readonly error: SpackOciError }
  /** Not attempted, or abandoned, because a dependency failed. */
  | { readonly outcome: "skipped"; readonly because: PackageName };

/** How the copy of a tag ended. */
export type TagOutcome =
  | { readonly outcome: "copied"; readonly bytes: number; readonly seconds: number }
  | { readonly outcome: "failed"; readonly error: SpackOciError }
  /** Not attempted, because a package that it needs failed. */
  | { readonly outcome: "skipped"; readonly because: PackageName };

/** What became of a view of an environment. */
export type ViewResult = {
  /** Its name in the environment. */
  readonly name: string;
  /** Absolute path at which users find it. */
  readonly root: string;
} & (
  | { readonly outcome: "unchanged"; readonly packages: number }
  | {
      readonly outcome: "updated";
      readonly packages: number;
      /** Number of files that are not in the view, because another package has a file at the same path. */
      readonly conflicts: number;
    }
  /** Spack made it, because recipes take part in that. */
  | { readonly outcome: "made-by-spack"; readonly packages: number }
  /** The previous view is still there. */
  | { readonly outcome: "failed"; readonly error: SpackOciError }
);

export type BuildcacheEvent =
  | {
      readonly type: "planned";
      readonly todo: number;
      readonly present: number;
      /** The work of this plan if another plan follows, as in "20 to check". */
      readonly work?: "check";
    }
  | {
      readonly type: "step";
      readonly package: PackageName;
      readonly step: PackageStep;
      readonly bytes?: number;
    }
  | { readonly type: "bytes"; readonly package: PackageName; readonly count: number }
  /** A layer that is being packed has this many bytes by now. */
  | { readonly type: "packed"; readonly package: PackageName; readonly bytes: number }
  /** A tag is being copied, with all the content it refers to. */
  | { readonly type: "copying"; readonly tag: string }
  | { readonly type: "bytes"; readonly tag: string; readonly count: number }
  | ({ readonly type: "copied"; readonly tag: string } & TagOutcome)
  | { readonly type: "deleted"; readonly tag: string }
  | ({ readonly type: "done"; readonly package: PackageName } & PackageOutcome)
  | {
      /**
       * A package was removed from a store; `forgotten` if its prefix was already gone, `absent` if another process
       * removed it, `kept` if it is needed again.
       */
      readonly type: "removed";
      readonly package: PackageName;
      readonly outcome: "removed" | "forgotten" | "absent" | "kept";
    }
  | {
      readonly type: "index";
      readonly step: "reading" | "writing" | "unchanged" | "written";
      readonly specs: number;
    }
  /** A tag was checked, with or without findings. */
  | { readonly type: "checked"; readonly tag: string }
  | { readonly type: "finding"; readonly finding: Finding }
  | {
      /** The step of an image of several packages, and how many packages it concerns. */
      readonly type: "image";
      readonly step: "merging" | "linking" | "tagged";
      readonly packages: number;
    }
  /** The view of an environment was brought up to date, or could not be. */
  | ({ readonly type: "view" } & ViewResult)
  /** Packages that cannot be relocated; emitted before anything is sent. */
  | { readonly type: "unrelocatable"; readonly error: SpackOciError }
  | { readonly type: "warning"; readonly message: string; readonly place?: string | undefined };

/** Receives events; must not throw. */
export type Listener = (event: BuildcacheEvent) => void;

/** The short form for people: `name@version/hash7`. */
export function describePackage({ name, version, hash }: PackageName): string {
  return `${name}@${version}/${hash.slice(0, 7)}`;
}
