// The verb sbom: writes bills of materials for packages of a buildcache, and attaches them to their images.
//
// choosePackages -> for each package: inspectImageOf -> billsOf -> receive, attachBill

import type { BillFormat } from "@spack-oci/bill-of-materials";
import { type Descriptor, type Digest, digestOf, referrersOf } from "@spack-oci/oci-client";
import type { SpecNode } from "@spack-oci/spack-spec";
import { attachBill, type BillDocument, type BillRequest, billsOf } from "../../bills/bills-of-package.js";
import { KnownFacts } from "../../bills/known-facts.js";
import { choosePackages } from "../../catalog/choose-packages.js";
import type { SpecRequest } from "../../catalog/spec-request.js";
import type { PackageOutcome } from "../../events/events.js";
import { asSpackOciError } from "../../failures/failure.js";
import { inspectImageOf } from "../../package-image/read-image.js";
import { allTags } from "../../package-index/all-tags.js";
import type { Buildcache, Run, VerbContext } from "../../schedule/run.js";
import type { PackageResult } from "../../schedule/run-packages.js";

export interface SbomRequest extends SpecRequest, BillRequest {
  /** Attaches the documents to the images that they describe. */
  readonly attach?: boolean | undefined;
  /** The time in the documents; by default the time at which each package was packed. */
  readonly createdAt?: Date | undefined;
  /** Receives each document as soon as it is complete. */
  readonly receive?: ((document: BillDocument, node: SpecNode) => Promise<void>) | undefined;
}

/** A document that was written. */
export interface WrittenBill {
  readonly package: SpecNode;
  readonly tag: string;
  /** The manifest of the image that it describes. */
  readonly image: Descriptor;
  readonly format: BillFormat;
  /** A file name. */
  readonly name: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  /** The manifest that attaches it to the image, and whether it was already attached; undefined if not requested. */
  readonly attached: { readonly manifest: Descriptor; readonly outcome: "attached" | "present" } | undefined;
}

export interface SbomResult {
  readonly packages: readonly PackageResult[];
  /** In the order of the packages; those of failed packages are missing. */
  readonly documents: readonly WrittenBill[];
}

/**
 * Writes documents about the packages that a request names, each with what it links and runs with; about every package
 * of the buildcache if it names none. A package that fails does not stop the others.
 *
 * @throws SpackOciError `ERR_SPEC_NOT_FOUND`, `ERR_SPEC_AMBIGUOUS`, the errors of spec strings, and the buildcache's own
 */
export async function sbom(
  mirror: Buildcache,
  request: SbomRequest,
  { run }: VerbContext,
): Promise<SbomResult> {
  const { signal, listener, scheduler } = run;
  const [{ catalog, roots }, tags] = await Promise.all([
    choosePackages([mirror], request, run),
    allTags(mirror, signal),
  ]);
  const nodes = roots
    .flatMap((hash) => catalog.graph.get(hash) ?? [])
    .filter((node) => node.external === undefined);
  listener?.({ type: "planned", todo: nodes.length, present: 0 });
  const known = new KnownFacts(mirror, { tags, signal });
  const context = { mirror, request, known, tags, run };
  const results = await Promise.all(
    nodes.map((node) => scheduler.transfer(() => documentsOf(node, context))),
  );
  signal?.throwIfAborted();
  return {
    packages: results.map(({ result }) => result),
    documents: results.flatMap(({ documents }) => documents),
  };
}

interface SbomContext {
  readonly mirror: Buildcache;
  readonly request: SbomRequest;
  readonly known: KnownFacts;
  readonly tags: ReadonlySet<string>;
  readonly run: Run;
}

async function documentsOf(
  node: SpecNode,
  context: SbomContext,
): Promise<{ readonly result: PackageResult; readonly documents: readonly WrittenBill[] }> {
  const { signal, listener } = context.run;
  const { name, version, hash } = node;
  const began = performance.now();
  const end = (outcome: PackageOutcome, documents: readonly WrittenBill[]) => {
    const result = { package: { name, version, hash }, ...outcome };
    if (signal?.aborted !== true) listener?.({ type: "done", ...result });
    return { result, documents };
  };
  try {
    signal?.throwIfAborted();
    const documents = await writeDocuments(node, context);
    const bytes = documents.reduce((sum, { size }) => sum + size, 0);
    return end({ outcome: "done", bytes, seconds: (performance.now() - began) / 1000 }, documents);
  } catch (error) {
    return end({ outcome: "failed", error: asSpackOciError(error) }, []);
  }
}

async function writeDocuments(node: SpecNode, context: SbomContext): Promise<readonly WrittenBill[]> {
  const { mirror, request, known, tags, run } = context;
  const { signal } = run;
  const { attach = false, createdAt, receive } = request;
  const { tag, document, layer, config, fetched } = await inspectImageOf(mirror, node, signal);
  const image = fetched.descriptor;
  known.add(node.hash, { manifest: image, layer: layer.descriptor });
  const time = createdAt ?? config.packedAt ?? new Date();
  const bills = await billsOf(document, { ...request, createdAt: time }, known);
  const before = new Set(
    attach ? (await referrersOf(mirror, image.digest, { tags, signal })).map(({ digest }) => digest) : [],
  );
  const written: WrittenBill[] = [];
  for (const bill of bills) {
    await receive?.(bill, node);
    const manifest = attach ? await attachBill(mirror, { image, document: bill }, signal) : undefined;
    const outcome = manifest !== undefined && before.has(manifest.digest) ? "present" : "attached";
    const { format, name, bytes } = bill;
    written.push({
      package: node,
      tag,
      image,
      format,
      name,
      digest: digestOf(bytes),
      size: bytes.byteLength,
      attached: manifest && { manifest, outcome },
    });
  }
  return written;
}
