// Writes an in-toto Statement v1 with the predicate SLSA Provenance v1 (https://slsa.dev/spec/v1.0/provenance).

import type { Tool } from "../bill/bill.js";
import type { BuildRecord } from "./build-record.js";

/** The media type of statements (in-toto attestation framework), and their payload type in an envelope. */
export const STATEMENT_TYPE = "application/vnd.in-toto+json";

/** What statements of this kind state. */
export const PROVENANCE_TYPE = "https://slsa.dev/provenance/v1";

/** What a statement is about: an image, by its manifest. */
export interface StatementSubject {
  readonly name: string;
  /** `sha256:<hex>`. */
  readonly digest: string;
}

/**
 * What a statement says: the predicate.
 *
 * @param tool the program that writes the statement
 */
export function provenancePredicate(build: BuildRecord, tool: Tool): unknown {
  return {
    buildDefinition: {
      buildType: build.buildType,
      externalParameters: build.externalParameters,
      internalParameters: build.internalParameters,
      resolvedDependencies: build.dependencies,
    },
    runDetails: {
      builder: { id: build.builder, version: { [tool.name]: tool.version } },
      metadata: { invocationId: build.invocation },
    },
  };
}

/** A whole statement, which nobody has signed. */
export function formatProvenance(subject: StatementSubject, build: BuildRecord, tool: Tool): Buffer {
  const [algorithm = "", hex = ""] = subject.digest.split(":");
  const statement = {
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: subject.name, digest: { [algorithm]: hex } }],
    predicateType: PROVENANCE_TYPE,
    predicate: provenancePredicate(build, tool),
  };
  return Buffer.from(JSON.stringify(statement));
}
