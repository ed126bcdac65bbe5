// The user's settings file: retries and timeouts for all registries, and settings of single hosts.

import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { isMissing, SpackOciError } from "@spack-oci/errors";
import { isRecord, parseJsonOrUndefined } from "../content/json.js";
import { isSameHost } from "../quirks/host-names.js";
import type { HostSettings } from "../quirks/host-settings.js";
import type { RetryPolicy } from "../transport/backoff.js";
import type { TlsOptions } from "../transport/tls.js";
import type { Timeouts } from "../transport/undici-transport.js";
import { configDirectory } from "../user-dirs/user-directories.js";
import { type Check, FILE_KEYS, HOST_KEYS } from "./settings-schema.js";

/** The settings of one host. */
interface HostEntry extends HostSettings, TlsOptions {
  /** Pull-through caches that are read first; the repository's name is appended to each. */
  readonly mirrors?: readonly string[];
}

/** The contents of the file. */
export interface RegistrySettings {
  readonly retry: Partial<RetryPolicy>;
  readonly timeouts: Partial<Timeouts>;
  /** The entry of a host (`name` or `name:port`), which overrides that of `*`. */
  readonly of: (host: string) => HostEntry;
}

/** The key for hosts without an entry, and for settings that an entry leaves out. */
const ANY_HOST = "*";
const SETTINGS_VARIABLE = "SPACK_OCI_REGISTRIES";

/**
 * Reads the file in `SPACK_OCI_REGISTRIES`, or `spack-oci/registries.json` in the user's configuration directory.
 * Only a file that is named by the variable must exist.
 *
 * @throws SpackOciError of kind `usage`, code `ERR_OCI_SETTINGS`, naming the file and the key.
 */
export function readRegistrySettings(environment: NodeJS.ProcessEnv): RegistrySettings {
  const named = environment[SETTINGS_VARIABLE];
  const path = named || join(configDirectory(environment), "spack-oci", "registries.json");
  const text = readIfThere(path, Boolean(named));
  return parseRegistrySettings(text ?? "{}", path);
}

/**
 * Parses the text of such a file; relative paths start at its directory.
 *
 * @throws SpackOciError as {@link readRegistrySettings} does.
 */
export function parseRegistrySettings(text: string, path: string): RegistrySettings {
  const value = parseJsonOrUndefined(text);
  if (!isRecord(value)) throw malformed(path, "it is not a JSON object");
  check(path, { name: "", value }, FILE_KEYS);
  const entries = Object.entries((value["hosts"] ?? {}) as Record<string, unknown>).map(
    ([host, entry]): [string, HostEntry] => [host, readEntry(path, host, entry)],
  );
  const named = (host: string) => entries.find(([key]) => key !== ANY_HOST && isSameHost(key, host))?.[1];
  const general = entries.find(([key]) => key === ANY_HOST)?.[1];
  return {
    retry: defined({ attempts: value["attempts"], maxRequestedWait: milliseconds(value["longestWait"]) }),
    timeouts: defined({
      connect: milliseconds(value["connectTimeout"]),
      headers: milliseconds(value["answerTimeout"]),
      stall: milliseconds(value["stallTimeout"]),
    }),
    of: (host) => ({ ...general, ...named(host) }),
  };
}

function readEntry(path: string, host: string, value: unknown): HostEntry {
  if (host !== ANY_HOST && !/^[\w.-]+(?::\d+)?$|^\[[\da-f:]+\](?::\d+)?$/i.test(host)) {
    throw malformed(path, `${JSON.stringify(host)} is not a host, such as ghcr.io or localhost:5000`);
  }
  if (!isRecord(value)) throw malformed(path, `${host} must be an object`);
  check(path, { name: `${host}: `, value }, HOST_KEYS);
  const entry = value as HostEntry;
  const { caFiles, certificateFile, keyFile } = entry;
  if ((certificateFile === undefined) !== (keyFile === undefined)) {
    throw malformed(path, `${host}: certificateFile and keyFile must be set together`);
  }
  const absolute = (file: string) => resolve(dirname(path), file);
  return {
    ...entry,
    ...(caFiles && { caFiles: caFiles.map(absolute) }),
    ...(certificateFile && { certificateFile: absolute(certificateFile) }),
    ...(keyFile && { keyFile: absolute(keyFile) }),
  };
}

/** Unknown keys are errors, so that a misspelled setting is not silently ignored. */
function check(
  path: string,
  section: { readonly name: string; readonly value: Record<string, unknown> },
  keys: Readonly<Record<string, Check>>,
): void {
  const { name, value } = section;
  for (const [key, held] of Object.entries(value)) {
    const known = Object.hasOwn(keys, key) ? keys[key] : undefined;
    if (known === undefined) {
      throw malformed(
        path,
        `${name}unknown setting ${JSON.stringify(key)}; known settings: ${Object.keys(keys).join(", ")}`,
      );
    }
    if (!known.holds(held)) throw malformed(path, `${name}${key} must be ${known.expects}`);
  }
}

function readIfThere(path: string, isNamed: boolean): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { message } = error as Error;
    if (!isNamed && isMissing(error)) return undefined;
    throw new SpackOciError("ERR_OCI_SETTINGS", `Cannot read ${path}: ${message}.`, {
      kind: "usage",
      place: path,
      cause: error,
      hint: isNamed
        ? `Check ${SETTINGS_VARIABLE}, which names the file.`
        : "Check the permissions of the file.",
    });
  }
}

function milliseconds(seconds: unknown): number | undefined {
  return typeof seconds === "number" ? seconds * 1000 : undefined;
}

function defined(values: Record<string, unknown>): Record<string, number> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Record<string, number>;
}

function malformed(path: string, why: string): SpackOciError {
  return new SpackOciError("ERR_OCI_SETTINGS", `${path} is malformed: ${why}.`, {
    kind: "usage",
    place: path,
    hint: "See docs/registries.md for all settings.",
  });
}
