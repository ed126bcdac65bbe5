// Checks content once, even if many images refer to it: whether it exists with its size, or all of its bytes.

import { createHash, type Hash } from "node:crypto";
import { type Descriptor, type Digest, isProber, type Target } from "@spack-oci/oci-client";
import { decompress, readTar } from "@spack-oci/spack-tarball";
import { MAX_CONFIG_SIZE } from "../../failures/content-limits.js";
import { asSpackOciError } from "../../failures/failure.js";
import { findingOf } from "../../findings/error-finding.js";
import { type Finding, finding } from "../../findings/finding.js";
import { SPEC_MEMBER } from "../../package-image/spliced-in-layer.js";
import { requireOwnSpec } from "../../prefix-writing/expected-layer.js";
import type { Run } from "../../schedule/run.js";
import type { Scheduler } from "../../schedule/scheduler.js";

/** How much content was checked. */
export interface ContentCount {
  /** Distinct pieces of content. */
  readonly blobs: number;
  /** Their total size by their descriptors; only a deep check reads them. */
  readonly bytes: number;
}

/** The result for a piece of content: a problem, or what was read. */
type Verdict = { readonly wrong: (tag: string) => Finding } | ReadContent;

/** Empty unless a layer was read. */
interface ReadContent {
  /** The digest of the decompressed content. */
  readonly diffId?: string;
  /** The text of the spec in it, if there is one. */
  readonly spec?: string | undefined;
}

/** The content of one target. */
export class ContentCheck {
  readonly #target: Target;
  readonly #scheduler: Scheduler;
  readonly #isDeep: boolean;
  readonly #signal: AbortSignal | undefined;
  readonly #verdicts = new Map<Digest, Promise<Verdict>>();
  #bytes = 0;

  constructor(target: Target, isDeep: boolean, { scheduler, signal }: Run) {
    this.#target = target;
    this.#scheduler = scheduler;
    this.#isDeep = isDeep;
    this.#signal = signal;
  }

  get count(): ContentCount {
    return { blobs: this.#verdicts.size, bytes: this.#bytes };
  }

  /**
   * @param diffId the digest of the decompressed layer; only verified by a deep check
   * @returns the problem with the content; undefined if it is fine
   */
  async check(tag: string, descriptor: Descriptor, diffId?: string): Promise<Finding | undefined> {
    const verdict = await this.#verdictOn(descriptor);
    if ("wrong" in verdict) return verdict.wrong(tag);
    if (diffId === undefined || verdict.diffId === undefined || verdict.diffId === diffId) return undefined;
    const what = `the layer ${descriptor.digest} decompresses to ${verdict.diffId}, not to ${diffId}`;
    return finding("corrupt", { tag, what });
  }

  /**
   * Whether the package in a layer is the one with this DAG hash; only verified by a deep check.
   *
   * @param layer a layer that was checked
   */
  async checkSpec(tag: string, layer: Descriptor, hash: string): Promise<Finding | undefined> {
    const verdict = await this.#verdictOn(layer);
    if ("wrong" in verdict || verdict.diffId === undefined) return undefined;
    try {
      requireOwnSpec(verdict.spec, { hash, place: `${this.#target.name}:${tag}` });
      return undefined;
    } catch (error) {
      return findingOf(tag, asSpackOciError(error), "missing-blob");
    }
  }

  /** Records content that was already read completely, so that it is not requested again. */
  seen(descriptor: Descriptor): void {
    if (this.#verdicts.has(descriptor.digest)) return;
    this.#verdicts.set(descriptor.digest, Promise.resolve({}));
    this.#bytes += descriptor.size;
  }

  #verdictOn(descriptor: Descriptor): Promise<Verdict> {
    const known = this.#verdicts.get(descriptor.digest);
    if (known !== undefined) return known;
    const asking = this.#ask(descriptor);
    this.#verdicts.set(descriptor.digest, asking);
    this.#bytes += descriptor.size;
    return asking;
  }

  async #ask(descriptor: Descriptor): Promise<Verdict> {
    try {
      if (this.#isDeep) return await this.#read(descriptor);
      return await this.#scheduler.request(() => this.#probe(descriptor));
    } catch (thrown) {
      this.#signal?.throwIfAborted();
      const error = asSpackOciError(thrown);
      return { wrong: (tag) => findingOf(tag, error, "missing-blob") };
    }
  }

  async #probe(descriptor: Descriptor): Promise<Verdict> {
    const { digest, size } = descriptor;
    const options = { signal: this.#signal };
    const probe = isProber(this.#target)
      ? await this.#target.probe(descriptor, options)
      : (await this.#target.exists(descriptor, options)) && { size };
    if (!probe) return { wrong: (tag) => finding("missing-blob", { tag, what: `${digest} is missing` }) };
    if (probe.size === undefined || probe.size === size) return {};
    const what = `${digest} has ${probe.size} bytes, not ${size}`;
    return { wrong: (tag) => finding("wrong-size", { tag, what }) };
  }

  async #read(descriptor: Descriptor): Promise<Verdict> {
    const bytes = await this.#target.fetch(descriptor, { signal: this.#signal });
    if (!/\blayer\b|rootfs\.diff/.test(descriptor.mediaType)) {
      for await (const _chunk of bytes);
      return {};
    }
    const hash = createHash("sha256");
    let spec: string | undefined;
    for await (const member of readTar(hashed(decompress(bytes), hash))) {
      const { name, size } = member.header;
      if (SPEC_MEMBER.test(name) && size <= MAX_CONFIG_SIZE) spec ??= (await member.bytes()).toString("utf8");
    }
    return { diffId: `sha256:${hash.digest("hex")}`, spec };
  }
}

async function* hashed(chunks: AsyncIterable<Buffer>, hash: Hash): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}
