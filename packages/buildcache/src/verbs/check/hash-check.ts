// Checks whether the specs of images match their DAG hashes.

import type { Descriptor, Target } from "@spack-oci/oci-client";
import { isSplicedFrom, type SpecDocument, type SpecNode, verifyDagHash } from "@spack-oci/spack-spec";
import { describePackage } from "../../events/events.js";
import { asSpackOciError, isOutOfReach } from "../../failures/failure.js";
import { findingOf } from "../../findings/error-finding.js";
import { type Finding, finding } from "../../findings/finding.js";
import { verifyByLayer } from "../../package-image/spliced-in-layer.js";
import { hashInTag } from "../../package-image/tags.js";
import type { Run } from "../../schedule/run.js";

/** A spec whose content has another hash, as far as its image shows. */
interface Mismatch {
  readonly tag: string;
  readonly node: SpecNode;
  /** The layer of the image that has the spec. */
  readonly layer: Descriptor;
}

/**
 * Collects the specs that do not match their hashes, and decides about them once all images were read: the hash of a
 * spliced package covers its build spec, which Spack's database, and thus the config of a pushed image, does not keep.
 */
export class HashCheck {
  readonly #target: Target;
  readonly #run: Run;
  readonly #mismatches: Mismatch[] = [];
  readonly #findings: Finding[] = [];
  readonly #layers = new Map<string, Descriptor>();
  /** Findings about nodes that several images have. */
  readonly #verdicts = new Map<string, Promise<((tag: string) => Finding) | undefined>>();

  constructor(target: Target, run: Run) {
    this.#target = target;
    this.#run = run;
  }

  /** @param layer the package's own */
  add(tag: string, { graph, root }: SpecDocument, layer: Descriptor): void {
    this.#layers.set(root.hash, layer);
    for (const node of graph.values()) {
      const verdict = verifyDagHash(node);
      if (verdict === "mismatch") this.#mismatches.push({ tag, node, layer });
      if (verdict !== "unverifiable" || node !== root) continue;
      this.#findings.push(unverifiable(tag, node, node.buildSpec === undefined ? OLD : SPLICED));
    }
  }

  /** @param tags all of the buildcache */
  async findings(tags: readonly string[]): Promise<Finding[]> {
    const found = [...this.#findings];
    for (const mismatch of this.#mismatches) {
      const { tag, node } = mismatch;
      const key = JSON.stringify([node.hash, [...node.json]], (_, value) =>
        typeof value === "bigint" ? String(value) : value instanceof Map ? [...value] : value,
      );
      const verdict = this.#verdicts.get(key) ?? this.#judge(mismatch, tags);
      this.#verdicts.set(key, verdict);
      const wrong = await verdict;
      if (wrong !== undefined) found.push(wrong(tag));
    }
    return found;
  }

  /** @returns undefined if the package is spliced, and its hash is right */
  async #judge(
    { node, layer }: Mismatch,
    tags: readonly string[],
  ): Promise<((tag: string) => Finding) | undefined> {
    const isRelative = (tag: string) => {
      const hash = tag.startsWith(`${node.name}-`) ? hashInTag(tag) : undefined;
      return hash !== undefined && isSplicedFrom(node, { name: node.name, hash });
    };
    if (tags.some(isRelative)) return undefined;
    try {
      const { signal } = this.#run;
      for (const each of new Set([this.#layers.get(node.hash) ?? layer, layer]))
        switch (await verifyByLayer(this.#target, each, { node, signal })) {
          case "match":
            return undefined;
          case "unverifiable":
            return (tag) => unverifiable(tag, node, SPLICED);
        }
    } catch (error) {
      this.#run.signal?.throwIfAborted();
      const reason = asSpackOciError(error);
      if (isOutOfReach(reason)) return (tag) => findingOf(tag, reason, "missing-blob");
      // A layer that is missing is a finding of its own.
    }
    const what = `the DAG hash of ${describePackage(node)} does not match its spec`;
    return (tag) => finding("corrupt", { tag, what });
  }
}

const SPLICED = "because the package is spliced";
const OLD = "because an older Spack wrote its spec";

function unverifiable(tag: string, node: SpecNode, why: string): Finding {
  const what = `the DAG hash of ${describePackage(node)} cannot be checked, ${why}`;
  return finding("unverifiable", { tag, what });
}
