// What a user says of how an image is run, as in a Dockerfile, and its config with that.

import { SpackOciError } from "@spack-oci/errors";
import { isJsonArray, isJsonObject, type Json, type JsonArray, type JsonObject } from "@spack-oci/spack-spec";
import { diffIdsIn } from "../../package-image/runnable-config.js";

/** What is not given stays as the base image has it. */
export interface ImageSettings {
  readonly variables?: ReadonlyMap<string, string> | undefined;
  readonly labels?: ReadonlyMap<string, string> | undefined;
  /** The program with its first arguments. */
  readonly entrypoint?: readonly string[] | undefined;
  /** Arguments that whoever runs the image may replace; the program too where there is no entrypoint. */
  readonly command?: readonly string[] | undefined;
  /** Absolute. */
  readonly workingDirectory?: string | undefined;
  readonly user?: string | undefined;
}

/** @throws SpackOciError `ERR_IMAGE_SETTINGS` (`usage`) */
export function checkSettings({ variables, labels, workingDirectory }: ImageSettings): void {
  for (const name of [...(variables?.keys() ?? []), ...(labels?.keys() ?? [])]) {
    if (name === "" || /[=\0\n]/.test(name)) throw unfit(name, "is no name", "Write NAME=VALUE.");
  }
  if (workingDirectory !== undefined && !workingDirectory.startsWith("/"))
    throw unfit(workingDirectory, "is no working directory", "Name it from the root, as in /work.");
}

/** Variables with those that a user sets: known ones at their places, then new ones. */
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

/** A config with what a user says, apart from variables; an entrypoint takes the base's command away, as in a Dockerfile. */
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

/** A config with the time at which the image was made, and how each layer came about; the base's history stays. */
export function withHistory(config: JsonObject, createdAt: Date, layers: readonly string[]): JsonObject {
  const created = createdAt.toISOString();
  const own = layers.map(
    (words) =>
      new Map<string, Json>([
        ["created", created],
        ["created_by", words],
      ]),
  );
  const known = config.get("history");
  const history = isJsonArray(known) ? known : [];
  const changed = new Map(config).set("created", created);
  // Engines count: a history that says nothing of some layers must say nothing of any.
  const isComplete = countLayers(history) + layers.length === diffIdsIn(config).length;
  return isComplete ? changed.set("history", [...history, ...own]) : changed;
}

function countLayers(history: JsonArray): number {
  return history.filter((entry) => !(isJsonObject(entry) && entry.get("empty_layer") === true)).length;
}

function unfit(what: string, why: string, hint: string): SpackOciError {
  return new SpackOciError("ERR_IMAGE_SETTINGS", `"${what}" ${why}.`, { kind: "usage", place: what, hint });
}
