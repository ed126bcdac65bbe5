// Stores a buildcache's install tree as annotations on the manifest of its package index, which Spack ignores.

import { SpackOciError } from "@spack-oci/errors";
import { formatJson, isJsonObject, type Json, type JsonObject, parseJson } from "@spack-oci/spack-spec";
import type { Annotations } from "../package-image/image-manifest.js";
import { type InstallTree, installTree } from "./install-tree.js";

/** Names of the annotations. */
const TREE_ANNOTATIONS = {
  /** Absolute path, without padding. */
  root: "dev.spack-oci.install-tree.root",
  /** In characters; absent if the root is not padded. */
  paddedLength: "dev.spack-oci.install-tree.padded-length",
  /** A JSON object of formats by spec, in the order in which they are tried. */
  projections: "dev.spack-oci.install-tree.projections",
} as const;

export function formatInstallTreeAnnotations({ store, paddedLength, projections }: InstallTree): Annotations {
  return new Map([
    [TREE_ANNOTATIONS.root, store.unpaddedRoot],
    ...(paddedLength > 0 ? [[TREE_ANNOTATIONS.paddedLength, String(paddedLength)] as const] : []),
    [TREE_ANNOTATIONS.projections, formatJson(projections)],
  ]);
}

/**
 * @param place names the index in errors
 * @returns undefined if the buildcache has no install tree
 * @throws SpackOciError `ERR_CANONICAL_TREE_MALFORMED` (`corrupt`)
 */
export function parseInstallTreeAnnotations(
  annotations: Annotations,
  place: string,
): InstallTree | undefined {
  const root = annotations.get(TREE_ANNOTATIONS.root);
  if (root === undefined) return undefined;
  const paddedLength = annotations.get(TREE_ANNOTATIONS.paddedLength);
  const projections = annotations.get(TREE_ANNOTATIONS.projections);
  return readTree(place, () => ({
    root,
    paddedLength: paddedLength === undefined ? undefined : readLength(paddedLength),
    projections: projections === undefined ? undefined : readProjections(parseJson(projections)),
  }));
}

/** The tree as a value of a JSON document. */
export function treeToJson({ store, paddedLength, projections }: InstallTree): JsonObject {
  return new Map<string, Json>([
    ["root", store.unpaddedRoot],
    ["paddedLength", BigInt(paddedLength)],
    ["projections", projections],
  ]);
}

/**
 * The reverse of {@link treeToJson}.
 *
 * @param place names the document in errors
 * @throws SpackOciError `ERR_CANONICAL_TREE_MALFORMED` (`corrupt`)
 */
export function treeFromJson(value: Json | undefined, place: string): InstallTree {
  return readTree(place, () => {
    if (!isJsonObject(value)) throw new Error("it is not an object");
    const [root, length, projections] = [
      value.get("root"),
      value.get("paddedLength"),
      value.get("projections"),
    ];
    if (typeof root !== "string") throw new Error("it has no root");
    return {
      root,
      paddedLength: length === undefined ? undefined : readLength(String(length)),
      projections: projections === undefined ? undefined : readProjections(projections),
    };
  });
}

function readTree(place: string, read: () => Parameters<typeof installTree>[0]): InstallTree {
  try {
    return installTree(read());
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SpackOciError(
      "ERR_CANONICAL_TREE_MALFORMED",
      `The install tree in ${place} is malformed: ${why.replace(/\.$/, "")}.`,
      {
        kind: "corrupt",
        place,
        cause: error,
        hint: "Update this program; a newer version may understand it.",
      },
    );
  }
}

function readLength(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new Error(`${JSON.stringify(text)} is not a length`);
  return Number(text);
}

function readProjections(value: Json): ReadonlyMap<string, string> {
  if (!isJsonObject(value)) throw new Error("its projections are not an object");
  return new Map(
    [...value].map(([key, format]) => {
      if (typeof format !== "string") throw new Error(`the projection of ${key} is not a string`);
      return [key, format];
    }),
  );
}
