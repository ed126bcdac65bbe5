// The part of a config blob that container engines read: the platform, the layers and the environment.

import { isJsonArray, isJsonObject, type Json, type JsonObject } from "@spack-oci/spack-spec";
import type { PackageLayer } from "./package-layer.js";

/** The properties of an image that do not depend on its packages. */
export interface RunnableConfigRequest {
  /** In OCI's terms; a base image has its own. */
  readonly architecture: string;
  /** The layers on top of the base. */
  readonly layers: readonly PackageLayer[];
  /** The image's variables, as `NAME=VALUE`. */
  readonly environment: readonly string[];
  /** The config of the base image; everything is kept that the image on top does not replace. */
  readonly base?: JsonObject | undefined;
}

/**
 * The config with its keys in Spack's order (OCI image specification, "Image Configuration"; Spack:
 * `_oci_put_manifest`).
 */
export function runnableConfig(request: RunnableConfigRequest): JsonObject {
  const { architecture, layers, environment, base = emptyImage(architecture) } = request;
  const diffIds = layers.map((layer) => layer.diffId);
  const withLayers = changed(base.get("rootfs"), "diff_ids", (known) => [
    ...(isJsonArray(known) ? known : []),
    ...diffIds,
  ]);
  const config = changed(base.get("config"), "Env", () => environment);
  return new Map([...base]).set("rootfs", withLayers).set("config", config);
}

/** `config.Env` of a config, as `NAME=VALUE`. */
export function environmentIn(config: JsonObject): string[] {
  return stringsIn(config.get("config"), "Env");
}

/** `rootfs.diff_ids` of a config: the digests of its uncompressed layers, the lowest first. */
export function diffIdsIn(config: JsonObject): string[] {
  return stringsIn(config.get("rootfs"), "diff_ids");
}

function stringsIn(value: Json | undefined, key: string): string[] {
  const list = isJsonObject(value) ? value.get(key) : undefined;
  return isJsonArray(list) ? list.filter((entry) => typeof entry === "string") : [];
}

/** The config without a base image (Spack: oci/oci.py, `default_config`). */
function emptyImage(architecture: string): JsonObject {
  return new Map<string, Json>([
    ["architecture", architecture],
    ["os", "linux"],
    [
      "rootfs",
      new Map<string, Json>([
        ["type", "layers"],
        ["diff_ids", []],
      ]),
    ],
    ["config", new Map([["Env", []]])],
  ]);
}

/** Replaces one member of an object in place; the others keep their places. */
function changed(
  value: Json | undefined,
  key: string,
  change: (known: Json | undefined) => Json,
): JsonObject {
  const members = new Map(isJsonObject(value) ? value : []);
  return members.set(key, change(members.get(key)));
}
