// Checks whether the specs of images match their DAG hashes, as far as their configs have what the hashes cover.

import type { Descriptor, Target } from "@spack-oci/oci-client";
import { parseSpecDocument, type SpecDocument, type SpecNode, verifyDagHash } from "@spack-oci/spack-spec";
import { decompress, readTar } from "@spack-oci/spack-tarball";
import { describePackage } from "../../events/events.js";
import { MAX_CONFIG_SIZE } from "../../failures/content-limits.js";
import { type Finding, finding } from "../../findings/finding.js";
import { hashInTag } from "../../package-image/tags.js";
import type { Run } from "../../schedule/run.js";

/** How many characters of a spliced package's hash usually equal those of its build spec's (`Spec.spec_hash`). */
const BUILD_SPEC_CHARACTERS = 7;

const SPEC_FILE = /\/\.spack\/spec\.json$/;

/** A spec whose content has another hash. */
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
  readonly #layers = new Map<string, Descriptor>();
  /** DAG hashes of specs that are known to be spliced, and of those that are not. */
  readonly #spliced = new Map<string, boolean>();

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
      if (node.buildSpec !== undefined) this.#spliced.set(node.hash, true);
    }
  }

  /** @param tags all of the buildcache */
  async findings(tags: readonly string[]): Promise<Finding[]> {
    const found: Finding[] = [];
    for (const { tag, node, layer } of this.#mismatches) {
      const name = describePackage(node);
      const isSpliced = await this.#isSpliced(node, layer, tags);
      this.#spliced.set(node.hash, isSpliced);
      found.push(
        isSpliced
          ? finding("unverifiable", {
              tag,
              what: `the DAG hash of ${name} cannot be checked, because the package is spliced, and the config lacks some of what the hash covers`,
            })
          : finding("corrupt", { tag, what: `the DAG hash of ${name} does not match its spec` }),
      );
    }
    return found;
  }

  async #isSpliced(node: SpecNode, layer: Descriptor, tags: readonly string[]): Promise<boolean> {
    const known = this.#spliced.get(node.hash);
    if (known !== undefined) return known;
    if (tags.some((tag) => isRelative(node, tag))) return true;
    const layers = new Set([this.#layers.get(node.hash) ?? layer, layer]);
    for (const each of layers) if (await this.#hasBuildSpec(each, node)) return true;
    return false;
  }

  /** Whether the `spec.json` in a layer, which Spack writes at install time, still has the build spec. */
  async #hasBuildSpec(layer: Descriptor, { hash }: SpecNode): Promise<boolean> {
    try {
      return (await this.#specIn(layer))?.graph.get(hash)?.buildSpec !== undefined;
    } catch {
      // A layer that cannot be read proves nothing, and is a finding of its own.
      this.#run.signal?.throwIfAborted();
      return false;
    }
  }

  async #specIn(layer: Descriptor): Promise<SpecDocument | undefined> {
    const bytes = await this.#target.fetch(layer, { signal: this.#run.signal });
    for await (const member of readTar(decompress(bytes))) {
      const { name, size } = member.header;
      if (SPEC_FILE.test(name) && size <= MAX_CONFIG_SIZE)
        return parseSpecDocument((await member.bytes()).toString("utf8"));
    }
    return undefined;
  }
}

function endOf(hash: string): string {
  return hash.slice(-BUILD_SPEC_CHARACTERS);
}

/** Whether a tag is of a package that was built as, or spliced from, the same spec. */
function isRelative({ name, hash }: SpecNode, tag: string): boolean {
  const other = hashInTag(tag);
  return other !== undefined && other !== hash && endOf(other) === endOf(hash) && tag.startsWith(`${name}-`);
}
