// Computes the DAG hash of a spec node, its identity everywhere in Spack.

import { createHash } from "node:crypto";
import { formatIndentedJson, formatJson } from "../json/format.js";
import type { Json, JsonObject } from "../json/value.js";
import type { SpecGraph, SpecNode } from "../model/node.js";
import { NODE_HASH_KEYS } from "../model/node.js";
import { base32Encode } from "./base32.js";
import { revertSpecFormat } from "./convert-node.js";

/** How the hashed JSON is laid out: Spack 0.18 to 0.20 indented it, later ones do not. */
type HashedForm = "compact" | "indented";

/** Options of {@link dagHash}. */
export interface DagHashOptions {
  readonly form?: HashedForm;
  /**
   * Where to find the build spec of a spliced node, to compute its hash as well; without it, the recorded hash is used.
   */
  readonly graph?: SpecGraph;
}

/** Characters at the end of a spliced package's hash that are those of its build spec's (`Spec.spec_hash`). */
const BUILT = 7;

/** What a hash is computed from. */
type HashedNode = Pick<SpecNode, "json" | "specfileVersion" | "annotations" | "buildSpec">;

/** Whether a node's hash matches its content; see {@link verifyDagHash}. */
export type HashVerdict = "match" | "mismatch" | "unverifiable";

/**
 * Computes the DAG hash of a node: lower-case base32 of the sha1 of its JSON without the hash itself. The last seven
 * characters of a spliced node's hash are those of its build spec (`Spec.spec_hash` in `spack/spec.py`).
 *
 * Nodes that a newer Spack converted from version 4 are hashed in their original form.
 */
export function dagHash(node: HashedNode, options: DagHashOptions = {}): string {
  const format = options.form === "indented" ? formatIndentedJson : formatJson;
  const hash = hashText(format(hashedJson(node)));
  if (node.buildSpec === undefined) return hash;
  const built = options.graph?.get(node.buildSpec.hash);
  return hash.slice(0, -BUILT) + (built ? dagHash(built, options) : node.buildSpec.hash).slice(-BUILT);
}

/**
 * Compares a node's recorded hash with the computed one, in both forms. It is `unverifiable` in four cases, in which Spack
 * itself writes specs that do not match their hashes:
 *
 * - spliced specs: Spack computes the hash before the spec is complete if more than the root's direct dependency is
 *   replaced (`Spec.splice` in `spack/spec.py`)
 * - specs of formats 1 and 2 (before Spack 0.18): the hash left out build dependencies and the package hash
 * - specs of format 3 (Spack 0.18 to 0.20) that another Spack has converted
 * - specs without a package hash that do not come from Spack 1.0 or newer: Spack before 0.18 concretized them, and a
 *   later one wrote them in its own format, with the old hash
 *
 * A spliced spec without its build spec does not match; {@link isSplicedFrom} restores that.
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { parseSpecDocument, verifyDagHash } from "@spack-oci/spack-spec";
 *
 * const { root } = parseSpecDocument(readFileSync("margo.json", "utf8"));
 * console.log(verifyDagHash(root)); // match
 * ```
 */
export function verifyDagHash(node: SpecNode): HashVerdict {
  if (matches(node)) return "match";
  if (node.buildSpec !== undefined) return "unverifiable";
  const { originalSpecfileVersion } = node.annotations;
  const isRecomputable = node.packageHash !== undefined || originalSpecfileVersion >= 5;
  const isUnchanged = node.specfileVersion >= 4 || originalSpecfileVersion === node.specfileVersion;
  return isRecomputable && isUnchanged && originalSpecfileVersion >= 3 ? "mismatch" : "unverifiable";
}

function matches(node: HashedNode & Pick<SpecNode, "hash">): boolean {
  return dagHash(node) === node.hash || dagHash(node, { form: "indented" }) === node.hash;
}

/** Whether a DAG hash ends like that of a build spec, as those of most spliced packages do. */
export function mayBeSplicedFrom(hash: string, buildHash: string): boolean {
  return hash.slice(-BUILT) === buildHash.slice(-BUILT);
}

/**
 * Whether a node that lacks its build spec matches its hash once it has the given one: Spack's database, and what is
 * written from it, does not keep build specs (`Database._read_spec_from_dict` in `spack/database.py`).
 */
export function isSplicedFrom(node: SpecNode, buildSpec: NonNullable<SpecNode["buildSpec"]>): boolean {
  if (!mayBeSplicedFrom(node.hash, buildSpec.hash)) return false;
  const json = new Map<string, Json>();
  const restored = new Map(Object.entries(buildSpec));
  for (const [key, value] of node.json) {
    if (key === "annotations" || key === "hash") json.set("build_spec", restored);
    json.set(key, value);
  }
  if (!json.has("build_spec")) json.set("build_spec", restored);
  const { annotations, specfileVersion, hash } = node;
  return matches({ annotations, specfileVersion, hash, buildSpec, json });
}

/**
 * Lower-case base32 of the sha1 of a text in UTF-8 (`b32_hash` in `spack/util/hash.py`).
 *
 * @example
 * ```ts
 * import { hashText } from "@spack-oci/spack-spec";
 *
 * console.log(hashText("zlib").length); // 32
 * ```
 */
export function hashText(text: string): string {
  return base32Encode(createHash("sha1").update(text, "utf8").digest());
}

function hashedJson(node: HashedNode): JsonObject {
  const json = new Map(node.json);
  for (const key of NODE_HASH_KEYS) json.delete(key);
  const { originalSpecfileVersion, compiler } = node.annotations;
  return node.specfileVersion >= 5 && originalSpecfileVersion < 5 ? revertSpecFormat(json, compiler) : json;
}
