// Describes a view: which packages are in it, how their files are linked, and where.

import { SpackOciError } from "@spack-oci/errors";

/** How a file of a package becomes a file of a view. */
export type LinkType = "symlink" | "hardlink" | "copy";

/**
 * Which packages of an environment are candidates: its roots, also what they run with, or all they link or run with.
 */
export type ViewScope = "roots" | "run" | "all";

/** A view as an environment describes it (Spack: environment/environment.py, `ViewDescriptor`). */
export interface ViewDescriptor {
  /** Absolute path at which users find the view. */
  readonly root: string;
  readonly link: ViewScope;
  readonly linkType: LinkType;
  /** Only packages that satisfy one of these specs; all if empty. */
  readonly select: readonly string[];
  /** No package that satisfies one of these specs. */
  readonly exclude: readonly string[];
  /** Format strings of directories below the root, by spec; path variables are already replaced. */
  readonly projections: ReadonlyMap<string, string>;
  /** The root and the projections as the user wrote them, which count when Spack decides whether a view is current. */
  readonly written: { readonly root: string; readonly projections: ReadonlyMap<string, string> };
}

/** Every name of a link type (Spack: filesystem_view.py, `_LINK_TYPES`). */
const LINK_TYPES: ReadonlyMap<string, LinkType> = new Map([
  ["symlink", "symlink"],
  ["soft", "symlink"],
  ["add", "symlink"],
  ["hardlink", "hardlink"],
  ["hard", "hardlink"],
  ["copy", "copy"],
  ["relocate", "copy"],
]);

/**
 * The link type with this name; Spack's commands accept more names than its configuration.
 *
 * @throws SpackOciError `ERR_VIEW_LINK_TYPE` (`usage`)
 *
 * @example
 * ```ts
 * import { linkTypeNamed } from "@spack-oci/spack-views";
 *
 * console.log(linkTypeNamed("soft")); // symlink
 * ```
 */
export function linkTypeNamed(name: string): LinkType {
  const type = LINK_TYPES.get(name);
  if (type !== undefined) return type;
  throw new SpackOciError("ERR_VIEW_LINK_TYPE", `"${name}" is not a link type of views.`, {
    kind: "usage",
    place: name,
    hint: "Use symlink, hardlink or copy.",
  });
}
