// An environment: the specs in its manifest, and the concrete specs in its lock file.

import { SpackOciError } from "@spack-oci/errors";
import { preOrder, type Spec, type SpecNode } from "@spack-oci/spack-spec";
import type { Configuration } from "../configuration.js";
import { toolchains } from "../derived/toolchains.js";
import { conditionNames } from "../host/condition-names.js";
import { evaluateCondition } from "../host/python-expression.js";
import { canonicalizePath } from "../paths/canonicalize.js";
import type { PathContext } from "../paths/variables.js";

import { includeEnvironments } from "./include-environments.js";
import { type LockedRoot, type Lockfile, readLockfile } from "./lockfile.js";
import type { EnvironmentManifest } from "./manifest.js";
import { readSpecFile } from "./spec-file.js";
import { type ListedSpec, readDefinitions, readSpecList } from "./spec-list.js";
import { expandSpecs } from "./user-specs.js";

/** The parts of an environment. */
export interface SpackEnvironmentParts {
  readonly path: string;
  readonly name: string;
  readonly manifest: EnvironmentManifest;
  /** The configuration including the environment's scope, without command-line scopes. */
  readonly configuration: Configuration;
  readonly paths: PathContext;
}

/** A Spack environment. Its lock file is read on first use. */
export class SpackEnvironment {
  /** The directory. */
  readonly path: string;
  /** The name of a managed environment, the directory of any other. */
  readonly name: string;
  readonly #parts: SpackEnvironmentParts;
  readonly #listed: readonly ListedSpec[];
  #lockfile: { readonly value: Lockfile | undefined } | undefined;

  /** @throws SpackOciError `ERR_SPEC_LIST` if `specs:` or `definitions:` are invalid. */
  constructor(parts: SpackEnvironmentParts) {
    this.path = parts.path;
    this.name = parts.name;
    this.#parts = parts;
    const names = conditionNames(parts.paths);
    const holds = (condition: string) => evaluateCondition(condition, names);
    const definitions = readDefinitions(parts.configuration.section("definitions"), holds);
    this.#listed = readSpecList(parts.manifest.specs, definitions);
  }

  /** The directories of the environments whose concrete specs are included. */
  get includedEnvironments(): string[] {
    const { manifest, paths } = this.#parts;
    return manifest.includeConcrete.map((path) => canonicalizePath(path, paths));
  }

  /**
   * The specs in the manifest. They may differ from the roots of the lock file, which take precedence.
   *
   * Source: `lib/spack/spack/environment/environment.py`, `_sync_speclists`.
   *
   * @throws SpackOciError the errors of {@link expandSpecs}.
   */
  get userSpecs(): Spec[] {
    const { configuration, paths } = this.#parts;
    const { platform, os, target } = paths.host();
    const host = { platform, os, target: target.name };
    return expandSpecs(this.#listed, { host, toolchains: toolchains(configuration), readSpecFile });
  }

  /**
   * The concretized specs, if any; without a lock file, those of the included environments.
   *
   * @throws SpackOciError `ERR_LOCKFILE` or `ERR_LOCKFILE_VERSION` if the lock file cannot be read.
   */
  get lockfile(): Lockfile | undefined {
    this.#lockfile ??= {
      value: readLockfile(this.path) ?? includeEnvironments(this.path, this.includedEnvironments),
    };
    return this.#lockfile.value;
  }

  /**
   * The roots of the environment and of those that it includes, each with its hash.
   *
   * Source: `lib/spack/spack/environment/environment.py`, `all_concretized_orders`.
   *
   * @throws SpackOciError `ERR_ENVIRONMENT_NOT_CONCRETE` without a lock file, and the errors of {@link lockfile}.
   */
  get roots(): LockedRoot[] {
    const { roots, included } = this.#requireLockfile();
    const all = new Map(roots.map((root) => [root.hash, root]));
    for (const root of [...included.values()].flat()) if (!all.has(root.hash)) all.set(root.hash, root);
    return [...all.values()];
  }

  /**
   * The hashes of {@link roots}, each as often as the environment lists it: a repeated root has another place in the
   * order of views.
   *
   * Source: as above.
   *
   * @throws SpackOciError the errors of {@link roots}.
   */
  get rootHashes(): readonly string[] {
    const { roots, included } = this.#requireLockfile();
    const hashes = roots.map(({ hash }) => hash);
    for (const { hash } of [...included.values()].flat()) if (!hashes.includes(hash)) hashes.push(hash);
    return hashes;
  }

  /**
   * The concrete specs of the environment: its roots, each followed by its dependencies.
   *
   * Source: `lib/spack/spack/environment/environment.py`, `all_specs`.
   *
   * @throws SpackOciError the errors of {@link roots}.
   */
  get concreteSpecs(): readonly SpecNode[] {
    const { graph } = this.#requireLockfile();
    return preOrder(
      graph,
      this.roots.map(({ hash }) => hash),
    );
  }

  #requireLockfile(): Lockfile {
    const { lockfile } = this;
    if (lockfile !== undefined) return lockfile;
    throw new SpackOciError(
      "ERR_ENVIRONMENT_NOT_CONCRETE",
      `The environment ${this.name} has no spack.lock.`,
      {
        kind: "not-found",
        place: this.path,
        hint: `Run \`spack -e ${this.name} concretize\`.`,
      },
    );
  }
}
