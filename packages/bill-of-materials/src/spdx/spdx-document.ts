// The part of SPDX 2.3 that documents of Spack packages use (https://spdx.github.io/spdx-spec/v2.3/).

export interface SpdxDocument {
  readonly spdxVersion: "SPDX-2.3";
  readonly dataLicense: "CC0-1.0";
  readonly SPDXID: "SPDXRef-DOCUMENT";
  readonly name: string;
  readonly documentNamespace: string;
  readonly creationInfo: { readonly created: string; readonly creators: readonly string[] };
  readonly packages: readonly SpdxPackage[];
  readonly relationships: readonly SpdxRelationship[];
  readonly hasExtractedLicensingInfos?: readonly SpdxLicense[];
}

export interface SpdxPackage {
  readonly SPDXID: string;
  readonly name: string;
  readonly versionInfo: string;
  readonly supplier: "NOASSERTION";
  readonly downloadLocation: string;
  readonly filesAnalyzed: false;
  readonly homepage?: string;
  readonly checksums?: readonly { readonly algorithm: "SHA256"; readonly checksumValue: string }[];
  readonly licenseConcluded: "NOASSERTION";
  readonly licenseDeclared: string;
  readonly copyrightText: "NOASSERTION";
  readonly comment?: string;
  readonly externalRefs?: readonly SpdxReference[];
}

interface SpdxReference {
  readonly referenceCategory: "PACKAGE-MANAGER";
  readonly referenceType: "purl";
  readonly referenceLocator: string;
}

export interface SpdxRelationship {
  readonly spdxElementId: string;
  readonly relationshipType:
    | "DESCRIBES"
    | "DEPENDS_ON"
    | "BUILD_DEPENDENCY_OF"
    | "RUNTIME_DEPENDENCY_OF"
    | "TEST_DEPENDENCY_OF"
    | "GENERATED_FROM";
  readonly relatedSpdxElement: string;
  readonly comment?: string;
}

/** A license that is not on the SPDX License List. */
export interface SpdxLicense {
  readonly licenseId: string;
  readonly name: string;
  readonly extractedText: string;
}
