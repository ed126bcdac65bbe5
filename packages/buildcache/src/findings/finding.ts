// What a check finds: data, one piece for each thing that is wrong.

/**
 * - `missing-blob`, `wrong-size`, `corrupt`: content that an image refers to is not there, or is not what it should be
 * - `missing-dependency`: a package that others link or run with has no tag
 * - `tag-gone`: the index, or the list of tags, names a tag that is not there
 * - `wrong-tag`: a package is under another package's tag
 * - `differs-from-index`: the index says something else of a package than its image
 * - `not-in-index`: the index does not know a package; without `index.spack` it knows none
 * - `foreign`: what has a package's tag is no package, or one of a newer layout
 * - `unreadable`: could not be asked for
 */
export type FindingKind =
  | "missing-blob"
  | "wrong-size"
  | "corrupt"
  | "missing-dependency"
  | "tag-gone"
  | "wrong-tag"
  | "differs-from-index"
  | "not-in-index"
  | "foreign"
  | "unreadable";

/**
 * `error`: installing something will fail, or give something else than was pushed. `warning`: everything that is listed
 * can be installed. `unknown`: asking again may tell.
 */
export type Severity = "error" | "warning" | "unknown";

export interface Finding {
  readonly tag: string;
  /** What is wrong, as a sentence without its subject's tag. */
  readonly what: string;
  readonly kind: FindingKind;
  readonly severity: Severity;
  /** What to do about it. */
  readonly hint: string;
}

const MEANINGS: Record<FindingKind, { readonly severity: Severity; readonly hint: string }> = {
  "missing-blob": { severity: "error", hint: `Push the package again with "--force".` },
  "wrong-size": { severity: "error", hint: `Push the package again with "--force".` },
  corrupt: { severity: "error", hint: `Push the package again with "--force".` },
  "missing-dependency": { severity: "error", hint: "Push it too, from a store that has it." },
  "tag-gone": { severity: "error", hint: `Bring the index up to date with "spack-oci update-index".` },
  "wrong-tag": { severity: "error", hint: `Push the package again with "--force".` },
  "differs-from-index": {
    severity: "error",
    hint: `Write the index again with "spack-oci update-index".`,
  },
  "not-in-index": { severity: "warning", hint: `Bring the index up to date with "spack-oci update-index".` },
  foreign: { severity: "warning", hint: "Spack ignores it; give images of other kinds other tags." },
  unreadable: { severity: "unknown", hint: "Check again later." },
};

/** @param found without `hint`, the usual one for the kind */
export function finding(
  kind: FindingKind,
  { tag, what, hint }: Pick<Finding, "tag" | "what"> & { readonly hint?: string | undefined },
): Finding {
  const { severity, hint: usual } = MEANINGS[kind];
  return { tag, what, kind, severity, hint: hint ?? usual };
}
