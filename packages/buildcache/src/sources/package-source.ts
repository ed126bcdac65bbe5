// Defines sources and sinks of packages, for copies between mirrors of different kinds.

import type { Readable } from "node:stream";
import type { Descriptor, TransferOptions } from "@spack-oci/oci-client";
import type { SpecDocument, SpecGraph, SpecNode } from "@spack-oci/spack-spec";
import type { SpecRequest } from "../catalog/spec-request.js";
import type { MergeIndexResult } from "../package-index/merge-index.js";
import type { Run } from "../schedule/run.js";

/** A package as a source provides it. */
export interface PackageEntry {
  readonly document: SpecDocument;
  /** Its install archive, described as a layer. */
  readonly archive: Descriptor;
  /** Names the package in errors. */
  readonly place: string;
  /** Whether the source has a signature for it that was not verified. */
  readonly isUnverified: boolean;
  /** Opens the archive, whose digest is verified while it is read. */
  open(options?: TransferOptions): Promise<Readable>;
}

/** The packages that a request selects, with their graph. */
interface ChosenContents {
  readonly graph: SpecGraph;
  /** Packages with a binary. */
  readonly packages: readonly SpecNode[];
  /** DAG hashes of the requested packages. */
  readonly roots: readonly string[];
}

export interface PackageSource {
  /** For messages. */
  readonly name: string;
  /** @throws SpackOciError if the source does not exist, or a spec matches nothing or several packages */
  choose(request: SpecRequest, run: Run): Promise<ChosenContents>;
  /** @throws SpackOciError if the package is missing or malformed */
  read(graph: SpecGraph, node: SpecNode, signal: AbortSignal | undefined): Promise<PackageEntry>;
}

/** What a sink has to write. */
export interface SinkPlan extends ChosenContents {
  readonly source: PackageSource;
  /** Packages to copy; dependencies before dependents. */
  readonly todo: readonly SpecNode[];
  /** Packages that the sink already has. */
  readonly present: readonly SpecNode[];
}

export interface PackageSink {
  /** For messages. */
  readonly name: string;
  /** Finds out which packages already exist. */
  existing(run: Run): Promise<(graph: SpecGraph, node: SpecNode) => boolean>;
  open(plan: SinkPlan, run: Run): Promise<PackageWriter>;
}

/** Writes packages to a sink. */
export interface PackageWriter {
  /** DAG hashes of the packages that must be published before this one. */
  dependenciesOf(node: SpecNode): readonly string[];
  /** Writes the package's bytes; independent of other packages. */
  send(node: SpecNode, entry: PackageEntry): Promise<void>;
  /** Makes the package visible. */
  publish(node: SpecNode, entry: PackageEntry): Promise<void>;
  /** Makes the index agree with the published packages. */
  updateIndex(): Promise<MergeIndexResult>;
}
