// What is known about the job that built a package, before it takes the form of a statement.

/** A resource by its digests (in-toto attestation framework, "ResourceDescriptor"). */
export interface BuildResource {
  readonly name?: string;
  readonly uri?: string;
  /** By algorithm, such as `sha256` or `gitCommit`. */
  readonly digest: Readonly<Record<string, string>>;
}

/** A job of a CI system, in the terms of SLSA's build definition. */
export interface BuildRecord {
  /** A URI that says what the parameters mean. */
  readonly buildType: string;
  /** A URI for who built the package, and is trusted to say how. */
  readonly builder: string;
  /** A URI of the run. */
  readonly invocation: string;
  /** What the user of the CI system controls. */
  readonly externalParameters: Readonly<Record<string, unknown>>;
  readonly internalParameters: Readonly<Record<string, unknown>>;
  /** The commit, and what else went into the build. */
  readonly dependencies: readonly BuildResource[];
}
