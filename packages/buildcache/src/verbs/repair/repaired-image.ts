// Replaces some layers of an image, and keeps everything else.

import {
  formatJson,
  isJsonArray,
  isJsonObject,
  type Json,
  type JsonObject,
  parseJson,
} from "@spack-oci/spack-spec";
import type { PrefixMap } from "@spack-oci/spack-tarball";
import { moveVariable } from "../../install-tree/package-places.js";
import { withRepackedLayer } from "../../package-image/image-config.js";
import { formatOf, layerTypeIn } from "../../package-image/image-format.js";
import type { PackageLayer } from "../../package-image/package-layer.js";
import type { PackageImage } from "../../package-image/read-image.js";
import { environmentIn } from "../../package-image/runnable-config.js";

export interface LayerChange {
  /** New layers by the digests of the old ones. */
  readonly layers: ReadonlyMap<string, PackageLayer>;
  /** New prefixes of packages by their old ones. */
  readonly prefixes: PrefixMap;
  readonly createdAt: Date;
}

/** The text of the config: new layers, environment, and build info of the package's own layer. */
export function repairedConfig({ config, layers, layer }: PackageImage, change: LayerChange): string {
  const { json, diffIds } = config;
  const replaced = layers.map(({ digest }, at) => change.layers.get(digest)?.diffId ?? diffIds[at] ?? "");
  const own = change.layers.get(layer.descriptor.digest);
  const rootfs = new Map(objectIn(json, "rootfs")).set("diff_ids", replaced);
  const runtime = new Map(objectIn(json, "config")).set(
    "Env",
    environmentIn(json).map((variable) => moveVariable(variable, change.prefixes)),
  );
  const changed = new Map([...json]).set("rootfs", rootfs).set("config", runtime);
  return formatJson(own === undefined ? changed : withRepackedLayer(changed, own, change.createdAt));
}

/** The text of the manifest; everything besides config and layers is kept. */
export function repairedManifest(
  { fetched, tag }: PackageImage,
  { digest, size }: PackageLayer["descriptor"],
  change: LayerChange,
): string {
  const json = parseJson(fetched.bytes.toString("utf8"), { place: tag });
  const manifest = isJsonObject(json) ? json : new Map<string, Json>();
  const format = formatOf(fetched.descriptor.mediaType);
  const config = new Map(objectIn(manifest, "config")).set("digest", digest).set("size", BigInt(size));
  const layers = arrayIn(manifest, "layers").map((listed) => {
    const other = isJsonObject(listed) ? change.layers.get(String(listed.get("digest"))) : undefined;
    if (other === undefined) return listed;
    return new Map<string, Json>([
      ["mediaType", layerTypeIn(format, other.descriptor.mediaType)],
      ["digest", other.descriptor.digest],
      ["size", BigInt(other.descriptor.size)],
    ]);
  });
  return formatJson(new Map([...manifest]).set("config", config).set("layers", layers));
}

function objectIn(json: JsonObject, key: string): JsonObject {
  const value = json.get(key);
  return isJsonObject(value) ? value : new Map();
}

function arrayIn(json: JsonObject, key: string): readonly Json[] {
  const value = json.get(key);
  return isJsonArray(value) ? value : [];
}
