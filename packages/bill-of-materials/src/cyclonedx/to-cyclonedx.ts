// Writes a bill of materials as a CycloneDX 1.6 document.

import type { BillOfMaterials, Component, PackageFacts, Property, Relation } from "../bill/bill.js";
import { timestamp, uuidOf } from "../bill/document-id.js";
import { isLicenseExpression } from "../bill/license.js";
import type { CycloneDxComponent, CycloneDxDocument, CycloneDxReference } from "./cyclonedx-document.js";

/**
 * CycloneDX's dependencies have no types, so that each type is a property of the dependent:
 * `spack:dependency:<type>`. What is only needed to build has the scope `excluded`. The serial number follows from the
 * content.
 */
export function toCycloneDx(bill: BillOfMaterials): CycloneDxDocument {
  const { root, components, relations, createdAt, tool } = bill;
  const byHash = new Map(components.map((component) => [component.hash, component]));
  const relationsOf = groupByDependent(relations);
  const described = components.map((component) => {
    const uses = (relationsOf.get(component.hash) ?? []).flatMap((relation) =>
      dependencyProperties(relation, byHash),
    );
    return componentOf(component, uses);
  });
  const [own, ...others] = described;
  if (own === undefined) throw new TypeError("the root is a component");
  const { scope: _, ...subject } = own;
  const content = {
    metadata: {
      timestamp: timestamp(createdAt),
      lifecycles: [{ phase: "post-build" }] as const,
      tools: { components: [{ type: "application", ...tool }] as const },
      component: subject,
    },
    components: others,
    dependencies: components.map(({ hash, purl }) => ({
      ref: purl,
      dependsOn: (relationsOf.get(hash) ?? []).flatMap(({ to }) => byHash.get(to)?.purl ?? []).sort(),
    })),
  };
  const serialNumber = `urn:uuid:${uuidOf(JSON.stringify([root.purl, content]))}`;
  const $schema = "http://cyclonedx.org/schema/bom-1.6.schema.json";
  return { $schema, bomFormat: "CycloneDX", specVersion: "1.6", serialNumber, version: 1, ...content };
}

function componentOf(component: Component, uses: readonly Property[]): CycloneDxComponent {
  const { name, version, purl, isRuntime, properties, facts } = component;
  const { license, layer } = facts;
  const references = referencesOf(component);
  return {
    type: "library",
    "bom-ref": purl,
    name,
    version,
    scope: isRuntime ? "required" : "excluded",
    ...(layer === undefined ? {} : { hashes: [sha256(layer.digest.replace(/^sha256:/, ""))] }),
    ...(license === undefined ? {} : { licenses: [licenseOf(license)] }),
    purl,
    ...(references.length === 0 ? {} : { externalReferences: references }),
    properties: [...properties, ...uses],
  };
}

function licenseOf(license: string) {
  return isLicenseExpression(license) ? { expression: license } : { license: { name: license } };
}

function referencesOf({ facts, imagePurl }: Component): readonly CycloneDxReference[] {
  const { homepage, source } = facts;
  return [
    ...(imagePurl === undefined ? [] : [{ type: "distribution", url: imagePurl } as const]),
    ...sourceReferences(source),
    ...(homepage === undefined ? [] : [{ type: "website", url: homepage } as const]),
  ];
}

function sourceReferences(source: PackageFacts["source"]): readonly CycloneDxReference[] {
  const { url, sha256: digest, git, commit } = source ?? {};
  const archive =
    url === undefined
      ? []
      : [{ type: "source-distribution", url, ...(digest ? { hashes: [sha256(digest)] } : {}) } as const];
  const repository =
    git === undefined ? [] : [{ type: "vcs", url: commit === undefined ? git : `${git}#${commit}` } as const];
  return [...archive, ...repository];
}

function sha256(content: string) {
  return { alg: "SHA-256", content } as const;
}

function groupByDependent(relations: readonly Relation[]): ReadonlyMap<string, readonly Relation[]> {
  const groups = new Map<string, Relation[]>();
  for (const relation of relations)
    groups.set(relation.from, [...(groups.get(relation.from) ?? []), relation]);
  return groups;
}

function dependencyProperties(
  { to, deptypes }: Relation,
  byHash: ReadonlyMap<string, Component>,
): Property[] {
  const value = byHash.get(to)?.purl;
  return value === undefined ? [] : deptypes.map((type) => ({ name: `spack:dependency:${type}`, value }));
}
