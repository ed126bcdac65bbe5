// Bills of materials of packages that a real Spack built, for the tests of this package.

import { parseSpecDocument, type SpecDocument } from "@spack-oci/spack-spec";
import { readFixture } from "../../../tests/support/spack-fixtures.js";
import type { BillOfMaterials, PackageFacts } from "../src/bill/bill.js";
import { type BillRequest, makeBill } from "../src/bill/make-bill.js";

export const HEX = "0123456789abcdef".repeat(4);

/** A package with build, link and run dependencies, and a compiler. */
export const THALLIUM = "thallium-lite-0.14.0-2jgoj6ppsq6lzizkaswlttajqsu7olru";

export function readSpec(name = THALLIUM): SpecDocument {
  return parseSpecDocument(readFixture(`spack-1.2/producer/specs/${name}.spec.json`), name);
}

export const FACTS: PackageFacts = {
  license: "BSD-3-Clause",
  homepage: "https://example.com/home",
  source: { url: "https://example.com/a-1.tar.gz", sha256: HEX, git: undefined, commit: undefined },
  layer: { digest: `sha256:${HEX}`, size: 1234 },
  image: { repository: "registry.example/org/Cache", tag: "a-1.spack", digest: `sha256:${HEX}` },
};

export function exampleBill(changes: Partial<BillRequest> = {}): BillOfMaterials {
  const { graph, root } = changes.root === undefined ? readSpec() : { graph: new Map(), root: changes.root };
  return makeBill({
    graph,
    root,
    factsOf: () => FACTS,
    createdAt: new Date("2026-01-02T03:04:05.678Z"),
    tool: { name: "spack-oci", version: "1.2.3" },
    ...changes,
  });
}
