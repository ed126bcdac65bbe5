// Decides whether a member's name may become a path. Nothing else does.

import { SpackOciError } from "@spack-oci/errors";

/** An empty component other than after a slash at the end, `.`, `..`, or a NUL. */
const UNUSUAL = /^(?:\.\.?)?(?:\/|$)|\/(?:\.\.?)?\/|\/\.\.?$|\0/;

/**
 * A member name without repeated slashes, `.` components and a trailing slash.
 *
 * @throws SpackOciError `ERR_LAYER_ESCAPES` for an empty or absolute name, one with `..`, or one with a NUL
 */
export function normalizeMemberName(name: string): string {
  if (!UNUSUAL.test(name)) return name.endsWith("/") ? name.slice(0, -1) : name;
  const components = name.split("/").filter((component) => component !== "" && component !== ".");
  if (name.startsWith("/") || components.length === 0 || components.includes("..") || name.includes("\0")) {
    throw escapes(name);
  }
  return components.join("/");
}

/**
 * Whether `name` is `directory` or below it, compared by whole components.
 *
 * @example
 * ```ts
 * import { isWithin } from "@spack-oci/spack-tarball";
 *
 * console.log(isWithin("lib/libz.so", "lib"), isWithin("lib64/libz.so", "lib")); // true false
 * ```
 */
export function isWithin(name: string, directory: string): boolean {
  return name === directory || name.startsWith(`${directory}/`);
}

/** The directory of a name; `""` for a single component. */
export function parentOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf("/")));
}

/** The error for a member that would be written outside of the prefix. */
export function escapes(name: string, cause?: unknown): SpackOciError {
  return new SpackOciError(
    "ERR_LAYER_ESCAPES",
    `The layer's member ${name} is outside of the package's prefix.`,
    {
      kind: "corrupt",
      place: name,
      hint: "Do not use this layer: Spack did not write it, or somebody has changed it.",
      cause,
    },
  );
}
