// What a file system may refuse without harm to a package: Python's tarfile, with which Spack unpacks, goes on without
// it.

/** An attribute that a file system does not keep. The package is complete without it. */
export interface Refusal {
  readonly attribute: "mode" | "time";
  readonly cause: NodeJS.ErrnoException;
}

/** Called for each file and directory. If it throws, unpacking fails. */
export type OnRefusal = (refusal: Refusal) => void;

/** Errors by which a file system says that it does not have such an attribute; others, such as EIO, are failures. */
const REFUSED = new Set(["EACCES", "EINVAL", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EPERM"]);

/**
 * Sets an attribute (CPython: tarfile.py, its `ExtractError` is not fatal by default).
 *
 * @returns whether it was set
 */
export function tolerating(
  onRefusal: OnRefusal | undefined,
  attribute: Refusal["attribute"],
  set: () => void,
): boolean {
  try {
    set();
    return true;
  } catch (error) {
    const cause = error as NodeJS.ErrnoException;
    if (onRefusal === undefined || !REFUSED.has(cause.code ?? "")) throw error;
    onRefusal({ attribute, cause });
    return false;
  }
}
