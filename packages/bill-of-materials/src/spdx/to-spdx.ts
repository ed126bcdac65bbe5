// Writes a bill of materials as an SPDX 2.3 document.

import type { BillOfMaterials, Component, Relation, Source } from "../bill/bill.js";
import { timestamp, uuidOf } from "../bill/document-id.js";
import type { SpdxDocument, SpdxPackage, SpdxRelationship } from "./spdx-document.js";
import { SpdxLicenses } from "./spdx-licenses.js";

const DOCUMENT = "SPDXRef-DOCUMENT";

/**
 * A package is what its layer contains, so the layer's digest is its checksum. What it was built from is a package of
 * its own, as far as the recipe names it. The document's namespace follows from its content.
 */
export function toSpdx(bill: BillOfMaterials): SpdxDocument {
  const { root, components, relations, createdAt, tool } = bill;
  const licenses = new SpdxLicenses();
  const sourced = components.filter(({ facts }) => facts.source !== undefined);
  const packages = [
    ...components.map((component) => packageOf(component, licenses)),
    ...sourced.flatMap(({ facts, ...component }) =>
      facts.source ? [sourceOf(component, facts.source)] : [],
    ),
  ];
  const byHash = new Map(components.map((component) => [component.hash, component]));
  const relationships: SpdxRelationship[] = [
    { spdxElementId: DOCUMENT, relationshipType: "DESCRIBES", relatedSpdxElement: idOf(root) },
    ...relations.flatMap((relation) => relationshipsOf(relation, byHash)),
    ...sourced.map(
      (component): SpdxRelationship => ({
        spdxElementId: idOf(component),
        relationshipType: "GENERATED_FROM",
        relatedSpdxElement: sourceIdOf(component),
      }),
    ),
  ];
  const own = licenses.defined();
  const content = {
    name: `${root.name}-${root.version}-${root.hash}`,
    creationInfo: { created: timestamp(createdAt), creators: [`Tool: ${tool.name}-${tool.version}`] },
    packages,
    relationships,
    ...(own.length === 0 ? {} : { hasExtractedLicensingInfos: own }),
  };
  const head = { spdxVersion: "SPDX-2.3", dataLicense: "CC0-1.0", SPDXID: DOCUMENT } as const;
  return { ...head, documentNamespace: `urn:uuid:${uuidOf(JSON.stringify(content))}`, ...content };
}

function packageOf({ facts, ...component }: Component, licenses: SpdxLicenses): SpdxPackage {
  const { purl, imagePurl, properties } = component;
  const { homepage, layer, license } = facts;
  return {
    SPDXID: idOf(component),
    name: component.name,
    versionInfo: component.version,
    supplier: "NOASSERTION",
    downloadLocation: "NOASSERTION",
    filesAnalyzed: false,
    ...(homepage === undefined ? {} : { homepage }),
    ...(layer === undefined ? {} : checksum(layer.digest.replace(/^sha256:/, ""))),
    licenseConcluded: "NOASSERTION",
    licenseDeclared: licenses.declare(license),
    copyrightText: "NOASSERTION",
    comment: properties.map(({ name, value }) => `${name}=${value}`).join("\n"),
    externalRefs: [purl, imagePurl].flatMap((locator) => (locator === undefined ? [] : [reference(locator)])),
  };
}

function reference(referenceLocator: string) {
  return { referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator } as const;
}

function sourceOf(component: Pick<Component, "name" | "version" | "hash">, source: Source): SpdxPackage {
  return {
    SPDXID: sourceIdOf(component),
    name: `${component.name} source`,
    versionInfo: component.version,
    supplier: "NOASSERTION",
    downloadLocation: downloadLocation(source),
    filesAnalyzed: false,
    ...(source.sha256 === undefined ? {} : checksum(source.sha256)),
    licenseConcluded: "NOASSERTION",
    licenseDeclared: "NOASSERTION",
    copyrightText: "NOASSERTION",
  };
}

/** SPDX 2.3, section 7.7: a URL, or `git+<url>@<commit>`. */
function downloadLocation({ url, git, commit }: Source): string {
  if (url !== undefined) return url;
  if (git === undefined || !/^https?:/.test(git)) return "NOASSERTION";
  return `git+${git}${commit === undefined ? "" : `@${commit}`}`;
}

function checksum(checksumValue: string) {
  return { checksums: [{ algorithm: "SHA256", checksumValue }] } as const;
}

/** `DEPENDS_ON` for what a package links or runs with, which most readers look for; all else by its own type. */
function relationshipsOf(
  { from, to, deptypes, virtuals }: Relation,
  byHash: ReadonlyMap<string, Component>,
): readonly SpdxRelationship[] {
  const [dependent, dependency] = [byHash.get(from), byHash.get(to)].map((each) => each && idOf(each));
  if (dependent === undefined || dependency === undefined) return [];
  const uses = `deptypes: ${deptypes.join(", ")}`;
  const comment = virtuals.length === 0 ? uses : `${uses}; provides: ${virtuals.join(", ")}`;
  const isRuntime = deptypes.includes("link") || deptypes.includes("run");
  const relate = (type: SpdxRelationship["relationshipType"]): SpdxRelationship =>
    type === "DEPENDS_ON"
      ? { spdxElementId: dependent, relationshipType: type, relatedSpdxElement: dependency, comment }
      : { spdxElementId: dependency, relationshipType: type, relatedSpdxElement: dependent, comment };
  return [
    ...(isRuntime ? [relate("DEPENDS_ON")] : []),
    ...(deptypes.includes("run") ? [relate("RUNTIME_DEPENDENCY_OF")] : []),
    ...(deptypes.includes("build") ? [relate("BUILD_DEPENDENCY_OF")] : []),
    ...(deptypes.includes("test") ? [relate("TEST_DEPENDENCY_OF")] : []),
  ];
}

/** Identifiers consist of letters, digits, `.` and `-` (SPDX 2.3, section 7.2). */
function idOf({ name, hash }: Pick<Component, "name" | "hash">): string {
  return `SPDXRef-Package-${name.replace(/[^A-Za-z0-9.-]/g, "-")}-${hash}`;
}

function sourceIdOf(component: Pick<Component, "name" | "hash">): string {
  return idOf(component).replace("-Package-", "-Source-");
}
