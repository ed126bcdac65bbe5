// Decides what a copy has to do, from the tags of both sides. Pure: it reads and writes nothing.

import { type Digest, subjectOfTag } from "@spack-oci/oci-client";
import { hashInTag, INDEX_TAG } from "../../package-image/tags.js";
import type { CopySource } from "./copy-source.js";

/** A tag to copy to a destination. */
export interface CopyItem {
  readonly tag: string;
  readonly source: CopySource;
}

/** A manifest that the destination may have, and that others may refer to. */
export interface SubjectItem extends CopyItem {
  readonly subject: Digest;
}

/** How the tags of both sides compare by their names. */
export interface TagComparison {
  /** Tags that the destination lacks. */
  readonly missing: readonly CopyItem[];
  /** Tags on both sides that may be on different manifests. */
  readonly uncertain: readonly CopyItem[];
  /** Tags on both sides that count as equal. */
  readonly present: readonly CopyItem[];
  /** Lists of referrers, which are merged rather than replaced. */
  readonly referrerLists: readonly SubjectItem[];
  /** Tags that no source has. */
  readonly surplus: readonly string[];
}

/**
 * A package's tag contains the DAG hash, and is set once all content of the package is complete. So a package counts
 * as present if both sides have its tag, as it does for Spack and for a push. Any other tag may have been moved.
 *
 * @param verify trust no tag
 */
export function compareTags(
  chosen: ReadonlyMap<string, CopySource>,
  existing: ReadonlySet<string>,
  verify: boolean,
): TagComparison {
  const items = [...chosen].map(([tag, source]) => ({ tag, source }));
  const images = items.filter(({ tag }) => subjectOfTag(tag) === undefined);
  const common = images.filter(({ tag }) => existing.has(tag));
  const isTrusted = ({ tag }: CopyItem) => !verify && hashInTag(tag) !== undefined;
  return {
    missing: images.filter(({ tag }) => !existing.has(tag)),
    uncertain: common.filter((item) => !isTrusted(item)),
    present: common.filter(isTrusted),
    referrerLists: items.flatMap((item) => {
      const subject = subjectOfTag(item.tag);
      return subject === undefined ? [] : [{ ...item, subject }];
    }),
    // A referrers list belongs to its subject: a registry with the referrers API has no such tags.
    surplus: [...existing]
      .filter((tag) => tag !== INDEX_TAG && !chosen.has(tag) && subjectOfTag(tag) === undefined)
      .sort(),
  };
}
