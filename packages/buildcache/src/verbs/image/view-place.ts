// Decides where in an image a view can be.

import { posix } from "node:path";
import { SpackOciError } from "@spack-oci/errors";
import { isWithin } from "@spack-oci/spack-tarball";
import type { ImageMember } from "./read-member.js";

/**
 * The normalized path of a view.
 *
 * @throws SpackOciError `ERR_VIEW_PLACE` (`usage`) if it is not absolute, or is the root directory
 */
export function viewPath(text: string): string {
  const path = posix.normalize(text).replace(/\/+$/, "");
  if (path.startsWith("/") && !path.startsWith("//") && !path.includes("\0")) return path;
  throw new SpackOciError("ERR_VIEW_PLACE", `"${text}" is not a directory for a view.`, {
    kind: "usage",
    place: text,
    hint: "Use an absolute path, such as /opt/view.",
  });
}

/**
 * @param view the absolute path of a view
 * @throws SpackOciError `ERR_VIEW_PLACE` (`usage`) if it overlaps with a package
 */
export function requireViewPlace(view: string, members: readonly ImageMember[]): void {
  const covered = members.find(({ prefix }) => isWithin(prefix, view) || isWithin(view, prefix));
  if (covered === undefined) return;
  throw new SpackOciError("ERR_VIEW_PLACE", `The view ${view} would cover ${covered.prefix}.`, {
    kind: "usage",
    place: view,
    hint: "Choose a directory without packages in it, such as /opt/view.",
  });
}
