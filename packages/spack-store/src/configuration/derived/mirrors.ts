// The configured mirrors in order, with the URL and credentials of each direction.
import { SpackOciError } from "@spack-oci/errors";
import type { Configuration } from "../configuration.js";
import type { ProcessEnvironment } from "../host/host.js";
import { canonicalizePath, splitUrl } from "../paths/canonicalize.js";
import type { PathContext } from "../paths/variables.js";
import { asString, type ConfigScalar, type ConfigValue, child } from "../yaml/value.js";

export type MirrorDirection = "fetch" | "push";

/** How to reach a mirror in one direction. */
export interface MirrorConnection {
  /** A URL; local paths have become `file://` URLs. */
  readonly url: string;
  /** User name and password; undefined when not configured, or when a variable of it is unset or empty. */
  readonly accessPair: { readonly id: string; readonly secret: string } | undefined;
  readonly accessToken: string | undefined;
  readonly profile: string | undefined;
  readonly endpointUrl: string | undefined;
  readonly view: string | undefined;
  /** Environment variables that the configuration names and that are not set. */
  readonly missingVariables: readonly string[];
}

/** A mirror of the configuration. */
export interface Mirror {
  readonly name: string;
  /** Whether it serves sources. */
  readonly source: boolean;
  /** Whether it serves binaries. */
  readonly binary: boolean;
  /** Whether signatures are asked for; never for OCI. */
  readonly signed: boolean;
  /** Whether packages are pushed to it after an installation. */
  readonly autopush: boolean;
  /**
   * The connection of one direction.
   *
   * @throws {SpackOciError} `ERR_MIRROR_WITHOUT_URL` when none is configured for this direction.
   */
  connection(direction: MirrorDirection): MirrorConnection;
}

/** Which mirrors to keep; what is undefined does not matter. */
export interface MirrorFilter {
  readonly binary?: boolean;
  readonly source?: boolean;
  readonly autopush?: boolean;
}

/**
 * The mirrors in the order in which Spack tries them.
 *
 * Source: `lib/spack/spack/mirrors/mirror.py`, `MirrorCollection`.
 *
 * @throws {SpackOciError} the errors of {@link Configuration.section}.
 */
export function mirrors(
  configuration: Configuration,
  paths: PathContext,
  filter: MirrorFilter = {},
): Mirror[] {
  const section = configuration.section("mirrors");
  const entries = section.kind === "map" ? [...section.entries] : [];
  const all = entries.map(([name, { value }]) => readMirror(name, value, paths));
  const properties = ["binary", "source", "autopush"] as const;
  return all.filter((mirror) =>
    properties.every((name) => filter[name] === undefined || mirror[name] === filter[name]),
  );
}

/**
 * Checks that a mirror's credentials can be had.
 *
 * Source: `lib/spack/spack/mirrors/mirror.py`, `Mirror.ensure_mirror_usable`.
 *
 * @throws {SpackOciError} `ERR_MIRROR_CREDENTIALS` naming the variables that are not set.
 */
export function requireCredentials(mirror: Mirror, direction: MirrorDirection): void {
  const { missingVariables, url } = mirror.connection(direction);
  if (missingVariables.length === 0) return;
  throw new SpackOciError(
    "ERR_MIRROR_CREDENTIALS",
    `mirror ${mirror.name}: the configuration to ${direction} names variables that are not set: ${missingVariables.join(", ")}`,
    { kind: "denied", place: url, hint: `Set ${missingVariables.join(" and ")} in the environment.` },
  );
}

function readMirror(name: string, data: ConfigValue, paths: PathContext): Mirror {
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
      return !/^oci(?:\+http)?:\/\//.test(mirrorUrl(name, data, "fetch", paths)) && flag("signed", true);
    },
    connection: (direction) => readConnection(name, data, direction, paths),
  };
}

function readConnection(
  name: string,
  data: ConfigValue,
  direction: MirrorDirection,
  paths: PathContext,
): MirrorConnection {
  const value = (key: string) => child(child(data, direction), key) ?? child(data, key);
  const tokenVariable = asString(value("access_token_variable"));
  return {
    url: mirrorUrl(name, data, direction, paths),
    accessPair: accessPair(value("access_pair"), paths.env),
    accessToken: tokenVariable ? paths.env[tokenVariable] : undefined,
    profile: asString(value("profile")),
    endpointUrl: asString(value("endpoint_url")),
    view: asString(value("view")),
    missingVariables: [
      asString(child(value("access_pair"), "id_variable")),
      asString(child(value("access_pair"), "secret_variable")),
      tokenVariable,
    ].filter(
      (variable) => variable !== undefined && variable !== "" && paths.env[variable] === undefined,
    ) as string[],
  };
}

function mirrorUrl(name: string, data: ConfigValue, direction: MirrorDirection, paths: PathContext): string {
  const specific = child(data, direction);
  const written = [data, specific, child(specific, "url"), child(data, "url")].find(
    (value): value is ConfigScalar => asString(value) !== undefined,
  );
  if (written === undefined || asString(written) === "") {
    throw new SpackOciError("ERR_MIRROR_WITHOUT_URL", `mirror ${name} has no URL to ${direction}`, {
      kind: "usage",
      place: name,
      hint: `Add \`url:\` or \`${direction}:\` to the mirror in mirrors.yaml.`,
    });
  }
  return urlOf(written, paths);
}

const SCHEMES = ["file", "http", "https", "sftp", "ftp", "s3", "gs", "oci", "oci+http"];

/** Source: `lib/spack/spack/mirrors/mirror.py`, `_url_or_path_to_url`. */
function urlOf(written: ConfigScalar, paths: PathContext): string {
  const text = String(written.value);
  if (SCHEMES.includes(splitUrl(text)?.scheme ?? "")) return text;
  return fileUrl(canonicalizePath(written, paths), paths.cwd);
}

/** A `file://` URL with all characters escaped that Python's `Path.as_uri` escapes. */
function fileUrl(path: string, cwd: string): string {
  const absolute = (path.startsWith("/") ? path : `${cwd}/${path}`).replace(/\/+/g, "/");
  const percent = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  const escaped = absolute.split("/").map((part) => encodeURIComponent(part).replace(/[!*'()]/g, percent));
  return `file://${escaped.join("/")}`;
}

function accessPair(pair: ConfigValue | undefined, env: ProcessEnvironment): MirrorConnection["accessPair"] {
  const idVariable = asString(child(pair, "id_variable"));
  const id = idVariable === undefined ? asString(child(pair, "id")) : env[idVariable];
  const secret = env[asString(child(pair, "secret_variable")) ?? ""];
  return id && secret ? { id, secret } : undefined;
}
