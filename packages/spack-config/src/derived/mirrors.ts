// The configured mirrors, in the order in which Spack tries them.

import { SpackOciError } from "@spack-oci/errors";
import type { Configuration } from "../configuration.js";
import type { PathContext } from "../paths/variables.js";
import { type ConfigValue, child, map } from "../yaml/value.js";
import {
  type MirrorConnection,
  type MirrorDirection,
  mirrorUrl,
  readConnection,
} from "./mirror-connection.js";
import { looksLikeVariable } from "./misplaced-secrets.js";

/** A mirror of the configuration. */
export interface MirrorEntry {
  readonly name: string;
  /** Whether it serves sources. */
  readonly source: boolean;
  /** Whether it serves binaries. */
  readonly binary: boolean;
  /** Whether signatures are required; never for OCI. */
  readonly signed: boolean;
  /** Whether packages are pushed to it after installation. */
  readonly autopush: boolean;
  /**
   * The connection of one direction.
   *
   * @throws SpackOciError `ERR_MIRROR_WITHOUT_URL` if none is configured for this direction.
   */
  connection(direction: MirrorDirection): MirrorConnection;
}

/** Which mirrors to include; undefined members match any mirror. */
export interface MirrorFilter {
  readonly binary?: boolean;
  readonly source?: boolean;
  readonly autopush?: boolean;
  /** Only what this scope says, without the other scopes. */
  readonly scope?: string | undefined;
}

/**
 * The mirrors in the order in which Spack tries them.
 *
 * Source: `lib/spack/spack/mirrors/mirror.py`, `MirrorCollection`.
 *
 * @throws SpackOciError the errors of {@link Configuration.section}.
 */
export function mirrors(
  configuration: Configuration,
  paths: PathContext,
  filter: MirrorFilter = {},
): MirrorEntry[] {
  const section =
    filter.scope === undefined
      ? configuration.section("mirrors")
      : (configuration.scope(filter.scope).section("mirrors")?.value ?? map([]));
  const entries = section.kind === "map" ? [...section.entries] : [];
  const all = entries.map(([name, { value }]) => readMirror(name, value, paths));
  const properties = ["binary", "source", "autopush"] as const;
  return all.filter((mirror) =>
    properties.every((name) => filter[name] === undefined || mirror[name] === filter[name]),
  );
}

/**
 * Checks that a mirror's credentials are available.
 *
 * Source: `lib/spack/spack/mirrors/mirror.py`, `Mirror.ensure_mirror_usable`.
 *
 * @throws SpackOciError `ERR_MIRROR_CREDENTIALS` naming the variables that are not set. A name that looks like the
 *   password itself is never shown.
 */
export function requireCredentials(mirror: MirrorEntry, direction: MirrorDirection): void {
  const { missingVariables, url } = mirror.connection(direction);
  if (missingVariables.length === 0) return;
  if (!missingVariables.every(looksLikeVariable)) throw secretInsteadOfVariable(mirror, direction, url);
  throw new SpackOciError(
    "ERR_MIRROR_CREDENTIALS",
    `Mirror ${mirror.name}: variables configured to ${direction} are not set: ${missingVariables.join(", ")}.`,
    { kind: "denied", place: url, hint: `Set ${missingVariables.join(" and ")} in the environment.` },
  );
}

function secretInsteadOfVariable(
  { name }: MirrorEntry,
  direction: MirrorDirection,
  url: string,
): SpackOciError {
  const message = `Mirror ${name}: a variable configured to ${direction} is not set, and this looks like the password itself: its name is not shown.`;
  return new SpackOciError("ERR_MIRROR_CREDENTIALS", message, {
    kind: "denied",
    place: url,
    hint: "In mirrors.yaml, set id_variable, secret_variable and access_token_variable to the names of environment variables, in upper case, and replace a password that was stored there.",
  });
}

function readMirror(name: string, data: ConfigValue, paths: PathContext): MirrorEntry {
  const flag = (key: string, otherwise: boolean): boolean => {
    const value = child(data, key);
    return value?.kind === "scalar" ? value.value === true : otherwise;
  };
  return {
    name,
    source: flag("source", true),
    binary: flag("binary", true),
    autopush: flag("autopush", false),
    get signed() {
      return !/^oci(?:\+http)?:\/\//.test(mirrorUrl({ name, data }, "fetch", paths)) && flag("signed", true);
    },
    connection: (direction) => readConnection({ name, data }, direction, paths),
  };
}
