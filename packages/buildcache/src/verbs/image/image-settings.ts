// Applies a user's settings for running an image, as in a Dockerfile, to its config.

import { SpackOciError } from "@spack-oci/errors";
import { isJsonArray, isJsonObject, type Json, type JsonArray, type JsonObject } from "@spack-oci/spack-spec";
import { diffIdsIn } from "../../package-image/runnable-config.js";

/** Settings that are undefined are taken from the base image. */
export interface ImageSettings {
  readonly variables?: ReadonlyMap<string, string> | undefined;
  readonly labels?: ReadonlyMap<string, string> | undefined;
  /** The program and its first arguments. */
  readonly entrypoint?: readonly string[] | undefined;
  /** Default arguments, which `run` can replace; includes the program if there is no entrypoint. */
  readonly command?: readonly string[] | undefined;
  /** An absolute path. */
  readonly workingDirectory?: string | undefined;
  readonly user?: string | undefined;
}

/** @throws SpackOciError `ERR_IMAGE_SETTINGS` (`usage`) */
export function checkSettings({ variables, labels, workingDirectory }: ImageSettings): void {
  for (const name of [...(variables?.keys() ?? []), ...(labels?.keys() ?? [])]) {
    if (name === "" || /[=\0\n]/.test(name))
      throw invalidSetting(name, "is not a valid name", "Use NAME=VALUE.");
  }
  if (workingDirectory !== undefined && !workingDirectory.startsWith("/"))
    throw invalidSetting(
      workingDirectory,
      "is not a working directory",
      "Use an absolute path, such as /work.",
    );
}

/** Sets a user's variables: known ones in place, then new ones. */
export function withVariables(
  environment: readonly string[],
  set: ReadonlyMap<string, string> = new Map(),
): string[] {
  const nameIn = (entry: string) => entry.slice(0, entry.indexOf("="));
  const known = environment.map((entry) => {
    const value = set.get(nameIn(entry));
    return value === undefined ? entry : `${nameIn(entry)}=${value}`;
  });
  const names = new Set(environment.map(nameIn));
  return [
    ...known,
    ...[...set].filter(([name]) => !names.has(name)).map(([name, value]) => `${name}=${value}`),
  ];
}

/**
 * A config with a user's settings, except for variables; an entrypoint removes the base's command, as in a
 * Dockerfile.
 */
export function withSettings(config: JsonObject, settings: ImageSettings): JsonObject {
  const { labels = new Map(), entrypoint, command, workingDirectory, user } = settings;
  const known = config.get("config");
  const inner = new Map<string, Json>(isJsonObject(known) ? known : []);
  if (entrypoint !== undefined) {
    inner.set("Entrypoint", [...entrypoint]);
    inner.delete("Cmd");
  }
  if (command !== undefined) inner.set("Cmd", [...command]);
  if (workingDirectory !== undefined) inner.set("WorkingDir", workingDirectory);
  if (user !== undefined) inner.set("User", user);
  const others = inner.get("Labels");
  if (labels.size > 0) inner.set("Labels", new Map([...(isJsonObject(others) ? others : []), ...labels]));
  return new Map(config).set("config", inner);
}

/** A config with the creation time of the image and the history of each layer; the base's history is kept. */
export function withHistory(config: JsonObject, createdAt: Date, layers: readonly string[]): JsonObject {
  const created = createdAt.toISOString();
  const own = layers.map(
    (createdBy) =>
      new Map<string, Json>([
        ["created", created],
        ["created_by", createdBy],
      ]),
  );
  const known = config.get("history");
  const history = isJsonArray(known) ? known : [];
  const changed = new Map(config).set("created", created);
  // Engines match the history with the layers, so an incomplete history is dropped entirely.
  const isComplete = countLayers(history) + layers.length === diffIdsIn(config).length;
  return isComplete ? changed.set("history", [...history, ...own]) : changed;
}

function countLayers(history: JsonArray): number {
  return history.filter((entry) => !(isJsonObject(entry) && entry.get("empty_layer") === true)).length;
}

function invalidSetting(what: string, why: string, hint: string): SpackOciError {
  return new SpackOciError("ERR_IMAGE_SETTINGS", `"${what}" ${why}.`, { kind: "usage", place: what, hint });
}
