// Writes the bills of materials of one package, and attaches them to its image.

import type { BillFormat, Tool } from "@spack-oci/bill-of-materials";
import { attachReferrer, type Descriptor, type Target } from "@spack-oci/oci-client";
import type { SpecDocument } from "@spack-oci/spack-spec";
import { packageTag } from "../package-image/tags.js";
import type { KnownFacts } from "./known-facts.js";

/** What to write. */
export interface BillRequest {
  readonly formats: readonly BillFormat[];
  /** Also lists what packages were built with; false by default. */
  readonly withBuildDependencies?: boolean | undefined;
  /** The program that writes the documents. */
  readonly tool: Tool;
}

/** A document, and its name. */
export interface BillDocument {
  readonly format: BillFormat;
  /** A file name: the package's tag without `.spack`, and the format's extension. */
  readonly name: string;
  readonly bytes: Buffer;
}

/** @param createdAt the time in the documents; that of the image makes them reproducible */
export async function billsOf(
  { graph, root }: SpecDocument,
  { formats, withBuildDependencies, tool, createdAt }: BillRequest & { readonly createdAt: Date },
  known: KnownFacts,
): Promise<readonly BillDocument[]> {
  const { BILL_FORMAT_DESCRIPTIONS, formatBill, makeBill, packagesInBill } = await writing();
  const nodes = packagesInBill({ graph, root, withBuildDependencies });
  const found = await Promise.all(
    nodes.map(async (node) => [node.hash, await known.of(node, graph)] as const),
  );
  const facts = new Map(found);
  const factsOf = ({ hash }: { readonly hash: string }) => facts.get(hash) ?? {};
  const bill = makeBill({ graph, root, factsOf, withBuildDependencies, createdAt, tool });
  const stem = packageTag(root).replace(/\.spack$/, "");
  return formats.map((format) => ({
    format,
    name: `${stem}.${BILL_FORMAT_DESCRIPTIONS[format].extension}`,
    bytes: formatBill(bill, format),
  }));
}

/** @returns the descriptor of the referring manifest */
export async function attachBill(
  target: Target,
  { image, document }: { readonly image: Descriptor; readonly document: BillDocument },
  signal: AbortSignal | undefined,
): Promise<Descriptor> {
  const { BILL_FORMAT_DESCRIPTIONS } = await writing();
  const { mediaType } = BILL_FORMAT_DESCRIPTIONS[document.format];
  const { bytes, name: title } = document;
  return attachReferrer(target, image, { artifactType: mediaType, mediaType, bytes, title, signal });
}

/** Pushes load it only if they write documents. */
function writing() {
  return import("@spack-oci/bill-of-materials");
}
