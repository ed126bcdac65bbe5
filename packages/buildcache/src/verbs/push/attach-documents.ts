// Attaches what a push says about a package to its image, before the tag of the image appears.

import type { Descriptor } from "@spack-oci/oci-client";
import type { SpecDocument } from "@spack-oci/spack-spec";
import { attachBill, billsOf } from "../../bills/bills-of-package.js";
import { KnownFacts } from "../../bills/known-facts.js";
import { readRecipeInPrefix } from "../../bills/read-recipe.js";
import { attachProvenance } from "../../build-statement/attach-provenance.js";
import type { PackageLayer } from "../../package-image/package-layer.js";
import type { PushWork } from "./push-work.js";

/** An image that is about to be tagged. */
interface FinishedImage {
  readonly tag: string;
  readonly document: SpecDocument;
  readonly manifest: Descriptor;
  /** The package's own layer is the last. */
  readonly layers: readonly PackageLayer[];
  /** The creation time of the image. */
  readonly createdAt: Date;
  /** False if the package came from a buildcache, so that nothing is known about its build. */
  readonly isPacked: boolean;
}

export class PushDocuments {
  readonly #work: PushWork;
  readonly #known: KnownFacts;

  constructor(work: PushWork) {
    this.#work = work;
    const { mirror, plan, existing, run } = work;
    const prefixes = new Map([...plan.todo, ...plan.present].map(({ node, prefix }) => [node.hash, prefix]));
    this.#known = new KnownFacts(mirror, {
      tags: existing,
      installedRecipe: async (node) => {
        const prefix = prefixes.get(node.hash);
        return prefix === undefined ? undefined : readRecipeInPrefix(prefix, node);
      },
      signal: run.signal,
    });
  }

  /** Dependencies have to be attached to before their dependents, whose documents mention their images. */
  async attach({ tag, document, manifest, layers, createdAt, isPacked }: FinishedImage): Promise<void> {
    const { mirror, request, run } = this.#work;
    const { signal } = run;
    const { bills, provenance } = request;
    const own = layers.at(-1);
    if (own !== undefined) this.#known.add(document.root.hash, { manifest, layer: own.descriptor });
    if (bills !== undefined) {
      for (const bill of await billsOf(document, { ...bills, createdAt }, this.#known))
        await attachBill(mirror, { image: manifest, document: bill }, signal);
    }
    if (provenance !== undefined && isPacked)
      await attachProvenance(mirror, { image: manifest, tag, signer: request.signer, signal }, provenance);
  }
}
