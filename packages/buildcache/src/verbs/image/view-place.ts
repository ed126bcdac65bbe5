// Where in an image a view can be.

import { posix } from "node:path";
import { SpackOciError } from "@spack-oci/errors";
import { isWithin } from "@spack-oci/spack-tarball";
import type { ImageMember } from "./read-member.js";

/**
 * The path of a view in its one form.
 *
 * @throws SpackOciError `ERR_VIEW_PLACE` (`usage`) for what is no absolute path, or the root
 */
export function viewPath(text: string): string {
  const path = posix.normalize(text).replace(/\/+$/, "");
  if (path.startsWith("/") && !path.startsWith("//") && !path.includes("\0")) return path;
  throw new SpackOciError("ERR_VIEW_PLACE", `"${text}" is no directory of an image for a view.`, {
    kind: "usage",
    place: text,
    hint: "Name it from the root, as in /opt/view.",
  });
}

/**
 * @param view the absolute path of a view
 * @throws SpackOciError `ERR_VIEW_PLACE` (`usage`) where it cannot be a directory of its own
 */
export function requireViewPlace(view: string, members: readonly ImageMember[]): void {
  const inTheWay = members.find(({ prefix }) => isWithin(prefix, view) || isWithin(view, prefix));
  if (inTheWay === undefined) return;
  throw new SpackOciError("ERR_VIEW_PLACE", `The view ${view} would lie over ${inTheWay.prefix}.`, {
    kind: "usage",
    place: view,
    hint: "Name a directory that has no packages in it, such as /opt/view.",
  });
}
