// Checks whether the index and the tags agree.

import { isSpackOciError } from "@spack-oci/errors";
import { formatJson, type SpecDocument } from "@spack-oci/spack-spec";
import { databaseNodeJson, type PackageIndex } from "@spack-oci/spack-store";
import { asSpackOciError } from "../../failures/failure.js";
import { findingOf } from "../../findings/error-finding.js";
import { type Finding, finding } from "../../findings/finding.js";
import { hashInTag, INDEX_TAG, packageTag } from "../../package-image/tags.js";
import { type IndexImage, readIndexImage, resolveIndex } from "../../package-index/read-index.js";
import { resolveVerifiedIndex } from "../../package-index/verified-index.js";
import type { VerifiedTarget } from "../../trust/image-verifier.js";

/** Compares the packages that a check reads with their entries in the index. */
export class IndexCheck {
  readonly #document: PackageIndex | undefined;
  readonly #report: (finding: Finding) => void;

  private constructor(document: PackageIndex | undefined, report: (finding: Finding) => void) {
    this.#document = document;
    this.#report = report;
  }

  /** Reads the index. If it is missing or broken, that is reported, and nothing is compared. */
  static async open(
    target: VerifiedTarget,
    report: (finding: Finding) => void,
    signal: AbortSignal | undefined,
  ): Promise<IndexCheck> {
    try {
      const image = await resolveReported(target, report, signal);
      const index = image && (await readIndexImage(target, image, signal));
      if (index === undefined)
        report(finding("not-in-index", { tag: INDEX_TAG, what: "is missing, so no package is listed" }));
      return new IndexCheck(index, report);
    } catch (error) {
      signal?.throwIfAborted();
      const hint = `Run "spack-oci update-index" to write the package index again.`;
      const found = findingOf(INDEX_TAG, asSpackOciError(error), "missing-blob");
      report(
        isSpackOciError(error, "corrupt") || isSpackOciError(error, "not-found") ? { ...found, hint } : found,
      );
      return new IndexCheck(undefined, report);
    }
  }

  /** Compares a package with its entry. */
  compare(tag: string, { root }: SpecDocument): void {
    if (this.#document === undefined) return;
    const listed = this.#document.packageOf(root.hash);
    if (listed === undefined) {
      this.#report(finding("not-in-index", { tag, what: "is not in the index, where Spack looks for it" }));
      return;
    }
    if (formatJson(databaseNodeJson(listed)) === formatJson(databaseNodeJson(root))) return;
    this.#report(finding("differs-from-index", { tag, what: "has another spec in the index" }));
  }

  /** Reports entries without a tag. */
  reportUntagged(tags: readonly string[]): void {
    const known = new Set<string | undefined>([...tags, ...tags.map(hashInTag)]);
    for (const node of this.#document?.packages ?? []) {
      const tag = packageTag(node);
      if (known.has(node.hash) || known.has(tag)) continue;
      this.#report(finding("tag-gone", { tag, what: "is in the index, but has no tag" }));
    }
  }
}

/** An index that must not be used is reported, and compared all the same. */
async function resolveReported(
  target: VerifiedTarget,
  report: (finding: Finding) => void,
  signal: AbortSignal | undefined,
): Promise<IndexImage | undefined> {
  try {
    return await resolveVerifiedIndex(target, signal);
  } catch (error) {
    if (!isSpackOciError(error, "untrusted")) throw error;
    report(findingOf(INDEX_TAG, error, "missing-blob"));
    return resolveIndex(target, signal);
  }
}
