// Decides what a copy has to do, from the tags of both sides. Pure: it reads and writes nothing.

import { type Digest, subjectOfTag } from "@spack-oci/oci-client";
import { hashInTag, INDEX_TAG } from "../../package-image/tags.js";
import type { CopySource } from "./copy-source.js";

/** A tag on its way to a destination. */
export interface CopyItem {
  readonly tag: string;
  readonly source: CopySource;
}

/** A manifest that the destination may have, and that others may refer to. */
export interface SubjectItem extends CopyItem {
  readonly subject: Digest;
}

/** What the tags alone say. */
export interface TagComparison {
  /** Tags that the destination lacks. */
  readonly missing: readonly CopyItem[];
  /** Tags on both sides that may be on something else there. */
  readonly uncertain: readonly CopyItem[];
  /** Tags on both sides that are taken to be on the same. */
  readonly present: readonly CopyItem[];
  /** Lists of referrers, which are merged rather than replaced. */
  readonly referrerLists: readonly SubjectItem[];
  /** Tags that no source has. */
  readonly surplus: readonly string[];
}

/**
 * A package's tag holds the DAG hash, and is put there when all its content is: where both sides have it, the package is
 * there, as it is to Spack and to a push. Any other tag may have been moved.
 *
 * @param verify believe no tag
 */
export function compareTags(
  chosen: ReadonlyMap<string, CopySource>,
  existing: ReadonlySet<string>,
  verify: boolean,
): TagComparison {
  const items = [...chosen].map(([tag, source]) => ({ tag, source }));
  const images = items.filter(({ tag }) => subjectOfTag(tag) === undefined);
  const common = images.filter(({ tag }) => existing.has(tag));
  const isBelieved = ({ tag }: CopyItem) => !verify && hashInTag(tag) !== undefined;
  return {
    missing: images.filter(({ tag }) => !existing.has(tag)),
    uncertain: common.filter((item) => !isBelieved(item)),
    present: common.filter(isBelieved),
    referrerLists: items.flatMap((item) => {
      const subject = subjectOfTag(item.tag);
      return subject === undefined ? [] : [{ ...item, subject }];
    }),
    // A list of referrers goes with its subject: a source that answers for itself has no such tags.
    surplus: [...existing]
      .filter((tag) => tag !== INDEX_TAG && !chosen.has(tag) && subjectOfTag(tag) === undefined)
      .sort(),
  };
}
