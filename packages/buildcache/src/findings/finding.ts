// Defines findings: the problems that a check reports, as data.

/**
 * - `missing-blob`, `wrong-size`, `corrupt`: content that an image refers to is missing or does not match
 * - `missing-dependency`: a package that others link or run with has no tag
 * - `tag-gone`: the index, or the list of tags, names a tag that does not exist
 * - `wrong-tag`: a package has another package's tag
 * - `differs-from-index`: the index has another spec for a package than its image
 * - `not-in-index`: the index does not list a package, or there is no `index.spack`
 * - `foreign`: a package's tag is on something that is not a package, or that has a newer layout
 * - `dangling`: what is attached to an image that does not exist
 * - `unverifiable`: the spec lacks something without which its DAG hash cannot be computed
 * - `untrusted`: a signature that is required is missing or invalid
 * - `unreadable`: could not be read, so nothing is known
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
  | "dangling"
  | "unverifiable"
  | "untrusted"
  | "unreadable";

/**
 * `error`: installing something will fail, or give other content than was pushed. `warning`: everything that is
 * listed can be installed. `unknown`: checking again may give an answer.
 */
export type Severity = "error" | "warning" | "unknown";

export interface Finding {
  readonly tag: string;
  /** The problem, as a sentence without its subject, which is the tag. */
  readonly what: string;
  readonly kind: FindingKind;
  readonly severity: Severity;
  /** How to fix it. */
  readonly hint: string;
}

const MEANINGS: Record<FindingKind, { readonly severity: Severity; readonly hint: string }> = {
  "missing-blob": { severity: "error", hint: `Push the package again with "--force".` },
  "wrong-size": { severity: "error", hint: `Push the package again with "--force".` },
  corrupt: { severity: "error", hint: `Push the package again with "--force".` },
  "missing-dependency": { severity: "error", hint: "Push it as well, from a store that has it installed." },
  "tag-gone": { severity: "error", hint: `Run "spack-oci update-index" to update the package index.` },
  "wrong-tag": { severity: "error", hint: `Push the package again with "--force".` },
  "differs-from-index": {
    severity: "error",
    hint: `Run "spack-oci update-index" to write the package index again.`,
  },
  "not-in-index": { severity: "warning", hint: `Run "spack-oci update-index" to update the package index.` },
  foreign: {
    severity: "warning",
    hint: "Spack ignores it. Use other tags for images that are not packages.",
  },
  dangling: {
    severity: "warning",
    hint: "Delete the tag: nobody can find what it lists.",
  },
  unverifiable: {
    severity: "warning",
    hint: "Nothing needs to be done if you trust everybody who can write the buildcache: Spack writes such specs, too.",
  },
  untrusted: { severity: "error", hint: `Run "spack-oci sign" if the package is what it should be.` },
  unreadable: { severity: "unknown", hint: "Check again later." },
};

/** @param found without `hint`, the default hint of its kind */
export function finding(
  kind: FindingKind,
  { tag, what, hint }: Pick<Finding, "tag" | "what"> & { readonly hint?: string | undefined },
): Finding {
  const { severity, hint: usual } = MEANINGS[kind];
  return { tag, what, kind, severity, hint: hint ?? usual };
}
