// Computes the DAG hash of a spec node, its identity everywhere in Spack.

import { createHash } from "node:crypto";
import { formatIndentedJson, formatJson } from "../json/format.js";
import type { JsonObject } from "../json/value.js";
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

/** Whether a node's hash matches its content; see {@link verifyDagHash}. */
export type HashVerdict = "match" | "mismatch" | "unverifiable";

/**
 * Computes the DAG hash of a node: lower-case base32 of the sha1 of its JSON without the hash itself. The last seven
 * characters of a spliced node's hash are those of its build spec (`Spec.spec_hash` in `spack/spec.py`).
 *
 * Nodes that a newer Spack converted from version 4 are hashed in their original form.
 */
export function dagHash(node: SpecNode, options: DagHashOptions = {}): string {
  const format = options.form === "indented" ? formatIndentedJson : formatJson;
  const hash = hashText(format(hashedJson(node)));
  if (node.buildSpec === undefined) return hash;
  const built = options.graph?.get(node.buildSpec.hash);
  return hash.slice(0, -7) + (built ? dagHash(built, options) : node.buildSpec.hash).slice(-7);
}

/**
 * Compares a node's recorded hash with the computed one, in both forms. Specs from before Spack 0.18 have no package
 * hash and cannot be verified.
 */
export function verifyDagHash(node: SpecNode): HashVerdict {
  if (dagHash(node) === node.hash || dagHash(node, { form: "indented" }) === node.hash) return "match";
  const isRecomputable = node.packageHash !== undefined || node.external !== undefined;
  const isUnchanged =
    node.specfileVersion >= 4 || node.annotations.originalSpecfileVersion === node.specfileVersion;
  return isRecomputable && isUnchanged && node.annotations.originalSpecfileVersion >= 3
    ? "mismatch"
    : "unverifiable";
}

/** Lower-case base32 of the sha1 of a text in UTF-8 (`b32_hash` in `spack/util/hash.py`). */
export function hashText(text: string): string {
  return base32Encode(createHash("sha1").update(text, "utf8").digest());
}

function hashedJson(node: SpecNode): JsonObject {
  const json = new Map(node.json);
  for (const key of NODE_HASH_KEYS) json.delete(key);
  const { originalSpecfileVersion, compiler } = node.annotations;
  return node.specfileVersion >= 5 && originalSpecfileVersion < 5 ? revertSpecFormat(json, compiler) : json;
}
