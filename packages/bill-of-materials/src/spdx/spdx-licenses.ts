// Licenses of recipes as SPDX declares them: expressions, or references to licenses in words of a recipe's own.

import { createHash } from "node:crypto";
import { isLicenseExpression } from "../bill/license.js";
import type { SpdxLicense } from "./spdx-document.js";

/** Collects the licenses that a document has to define itself. */
export class SpdxLicenses {
  readonly #own = new Map<string, SpdxLicense>();

  /** The value of `licenseDeclared`. */
  declare(license: string | undefined): string {
    if (license === undefined) return "NOASSERTION";
    if (isLicenseExpression(license)) return license;
    const id = `LicenseRef-spack-${createHash("sha256").update(license).digest("hex").slice(0, 12)}`;
    const extractedText = `The recipe of the package names this license: ${license}`;
    this.#own.set(id, { licenseId: id, name: license, extractedText });
    return id;
  }

  /** Sorted by their identifiers. */
  defined(): readonly SpdxLicense[] {
    return [...this.#own.values()].sort((one, other) => (one.licenseId < other.licenseId ? -1 : 1));
  }
}
