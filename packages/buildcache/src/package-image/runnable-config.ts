// The part of a config blob that container engines read: what an image is for, its layers and its environment.

import { isJsonArray, isJsonObject, type Json, type JsonObject } from "@spack-oci/spack-spec";
import type { PackageLayer } from "./package-layer.js";

/** What an image is, whatever packages are in it. */
export interface RunnableConfigRequest {
  /** As OCI names it; a base image has its own. */
  readonly architecture: string;
  /** The layers on top of those of the base. */
  readonly layers: readonly PackageLayer[];
  /** Variables that the image runs with, as `NAME=VALUE`. */
  readonly environment: readonly string[];
  /** The config of the image below, of which everything is kept that the image on top does not have of its own. */
  readonly base?: JsonObject | undefined;
}

/** The config with its keys in Spack's order (OCI image specification, "Image Configuration"; Spack: `_oci_put_manifest`). */
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

/** `config.Env` of a config: `NAME=VALUE` each. */
export function environmentIn(config: JsonObject): string[] {
  return stringsIn(config.get("config"), "Env");
}

/** `rootfs.diff_ids` of a config: the digests of its layers, uncompressed, from the lowest. */
export function diffIdsIn(config: JsonObject): string[] {
  return stringsIn(config.get("rootfs"), "diff_ids");
}

function stringsIn(value: Json | undefined, key: string): string[] {
  const list = isJsonObject(value) ? value.get(key) : undefined;
  return isJsonArray(list) ? list.filter((entry) => typeof entry === "string") : [];
}

/** What an image is where there is none below (Spack: oci/oci.py, `default_config`). */
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

/** An object with one member changed, at its place; others keep theirs. */
function changed(
  value: Json | undefined,
  key: string,
  change: (known: Json | undefined) => Json,
): JsonObject {
  const members = new Map(isJsonObject(value) ? value : []);
  return members.set(key, change(members.get(key)));
}
