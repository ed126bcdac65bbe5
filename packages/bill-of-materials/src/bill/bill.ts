// The content of a bill of materials, before it takes the form of SPDX or CycloneDX.

import type { DependencyType } from "@spack-oci/spack-spec";

/** Content in a registry. */
export interface Artifact {
  /** `sha256:<hex>`. */
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

/** Where an image is. */
export interface ImageLocation {
  /** `HOST/REPOSITORY`, or the path of an image layout. */
  readonly repository: string;
  readonly tag: string;
  /** Of its manifest, `sha256:<hex>`. */
  readonly digest: string;
}

/** What a package was built from. */
export interface Source {
  /** Of the archive; undefined if the recipe does not name it literally. */
  readonly url: string | undefined;
  /** Of the archive, as hexadecimal digits. */
  readonly sha256: string | undefined;
  /** The address of a Git repository. */
  readonly git: string | undefined;
  readonly commit: string | undefined;
}

/** What is known about a package besides its spec. */
export interface PackageFacts {
  /** As the recipe writes it, which need not be an SPDX expression. */
  readonly license?: string | undefined;
  readonly homepage?: string | undefined;
  readonly source?: Source | undefined;
  /** The package's own layer, compressed. */
  readonly layer?: Artifact | undefined;
  readonly image?: ImageLocation | undefined;
}

/** A name and a value for what the formats have no field for. */
export interface Property {
  readonly name: string;
  readonly value: string;
}

/** One package. */
export interface Component {
  readonly name: string;
  readonly version: string;
  /** The DAG hash. */
  readonly hash: string;
  /** `pkg:spack/...`, which contains the hash, so that it identifies the component in a document. */
  readonly purl: string;
  /** `pkg:oci/...`; undefined if the image is unknown. */
  readonly imagePurl: string | undefined;
  /** Whether the root links or runs with it, directly or not. */
  readonly isRuntime: boolean;
  /** Sorted by name; names may repeat. */
  readonly properties: readonly Property[];
  readonly facts: PackageFacts;
}

/** A direct dependency. */
export interface Relation {
  /** The DAG hash of the dependent. */
  readonly from: string;
  /** The DAG hash of the dependency. */
  readonly to: string;
  readonly deptypes: readonly DependencyType[];
  /** Virtual packages, such as `mpi`, that the dependency provides. */
  readonly virtuals: readonly string[];
}

/** The program that wrote a document. */
export interface Tool {
  readonly name: string;
  readonly version: string;
}

/** A package with what it runs with, and possibly with what it was built with. */
export interface BillOfMaterials {
  /** The package that this is about; its component is the first. */
  readonly root: Component;
  /** Sorted by purl, except for the root. */
  readonly components: readonly Component[];
  /** Sorted by dependent, then by dependency; both ends are components. */
  readonly relations: readonly Relation[];
  readonly createdAt: Date;
  readonly tool: Tool;
}
