// Checks whether the link and run dependencies of all packages exist.

import { isRuntimeDependency, type SpecDocument } from "@spack-oci/spack-spec";
import { describePackage, type PackageName } from "../../events/events.js";
import { firstNames } from "../../events/first-names.js";
import { type Finding, finding } from "../../findings/finding.js";
import { hashInTag, packageTag } from "../../package-image/tags.js";

/** The maximum number of dependents in a finding. */
const MAX_NAMES = 3;

/** Collects missing packages, so that each is reported once. */
export class DependencyCheck {
  readonly #tags: ReadonlySet<string>;
  readonly #hashes: ReadonlySet<string>;
  readonly #missing = new Map<string, { readonly node: PackageName; readonly dependents: PackageName[] }>();

  /** @param tags all of the buildcache */
  constructor(tags: readonly string[]) {
    this.#tags = new Set(tags);
    this.#hashes = new Set(tags.flatMap((tag) => hashInTag(tag) ?? []));
  }

  /** Direct dependencies are enough, since every one of them is checked itself. */
  add({ root, graph }: SpecDocument): void {
    for (const { hash } of root.dependencies.filter(isRuntimeDependency)) {
      const node = graph.get(hash);
      if (node === undefined || node.external !== undefined) continue;
      if (this.#hashes.has(hash) || this.#tags.has(packageTag(node))) continue;
      const known = this.#missing.get(hash) ?? { node, dependents: [] };
      known.dependents.push(root);
      this.#missing.set(hash, known);
    }
  }

  findings(): Finding[] {
    return [...this.#missing.values()].map(({ node, dependents }) => {
      const names = firstNames(dependents.map(describePackage).sort(), MAX_NAMES);
      return finding("missing-dependency", {
        tag: packageTag(node),
        what: `is missing, but needed by ${names}`,
      });
    });
  }
}
