// The part of CycloneDX 1.6 that documents of Spack packages use (https://cyclonedx.org/docs/1.6/json/).

import type { Property } from "../bill/bill.js";

export interface CycloneDxDocument {
  readonly $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json";
  readonly bomFormat: "CycloneDX";
  readonly specVersion: "1.6";
  readonly serialNumber: string;
  readonly version: 1;
  readonly metadata: {
    readonly timestamp: string;
    readonly lifecycles: readonly { readonly phase: "post-build" }[];
    readonly tools: { readonly components: readonly CycloneDxTool[] };
    readonly component: CycloneDxComponent;
  };
  readonly components: readonly CycloneDxComponent[];
  readonly dependencies: readonly CycloneDxDependency[];
}

interface CycloneDxTool {
  readonly type: "application";
  readonly name: string;
  readonly version: string;
}

export interface CycloneDxComponent {
  readonly type: "library";
  readonly "bom-ref": string;
  readonly name: string;
  readonly version: string;
  readonly scope?: "required" | "excluded";
  readonly hashes?: readonly CycloneDxHash[];
  readonly licenses?: readonly (
    | { readonly expression: string }
    | { readonly license: { readonly name: string } }
  )[];
  readonly purl: string;
  readonly externalReferences?: readonly CycloneDxReference[];
  readonly properties: readonly Property[];
}

interface CycloneDxHash {
  readonly alg: "SHA-256";
  readonly content: string;
}

export interface CycloneDxReference {
  readonly type: "distribution" | "source-distribution" | "vcs" | "website";
  readonly url: string;
  readonly hashes?: readonly CycloneDxHash[];
}

interface CycloneDxDependency {
  readonly ref: string;
  readonly dependsOn: readonly string[];
}
