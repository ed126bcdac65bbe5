// How to reach a mirror in one direction: its URL, and the credentials from the process environment.

import { SpackOciError } from "@spack-oci/errors";
import type { ProcessEnvironment } from "../host/host.js";
import { canonicalizePath, splitUrl } from "../paths/canonicalize.js";
import type { PathContext } from "../paths/variables.js";
import { asString, type ConfigScalar, type ConfigValue, child } from "../yaml/value.js";

export type MirrorDirection = "fetch" | "push";

/** How to reach a mirror in one direction. */
export interface MirrorConnection {
  /** A URL; local paths have become `file://` URLs. */
  readonly url: string;
  /** User name and password; undefined if not configured, or if one of the variables is unset or empty. */
  readonly accessPair: { readonly id: string; readonly secret: string } | undefined;
  readonly accessToken: string | undefined;
  readonly profile: string | undefined;
  readonly endpointUrl: string | undefined;
  readonly view: string | undefined;
  /** Environment variables that are configured but not set. */
  readonly missingVariables: readonly string[];
}

/** An entry of the `mirrors:` section. */
interface NamedMirror {
  readonly name: string;
  readonly data: ConfigValue;
}

/**
 * The connection of one direction: its own settings, else those of the whole mirror.
 *
 * Source: `lib/spack/spack/mirrors/mirror.py`, `Mirror._get_value` and its callers.
 *
 * @throws SpackOciError `ERR_MIRROR_WITHOUT_URL` if there is no URL for this direction.
 */
export function readConnection(
  mirror: NamedMirror,
  direction: MirrorDirection,
  paths: PathContext,
): MirrorConnection {
  const { data } = mirror;
  const value = (key: string) => child(child(data, direction), key) ?? child(data, key);
  const tokenVariable = asString(value("access_token_variable"));
  return {
    url: mirrorUrl(mirror, direction, paths),
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

/** The URL of one direction; throws like {@link readConnection}. Source: as above, `Mirror.get_url`. */
export function mirrorUrl(
  { name, data }: NamedMirror,
  direction: MirrorDirection,
  paths: PathContext,
): string {
  const specific = child(data, direction);
  const written = [data, specific, child(specific, "url"), child(data, "url")].find(
    (value): value is ConfigScalar => asString(value) !== undefined,
  );
  if (written === undefined || asString(written) === "") {
    throw new SpackOciError("ERR_MIRROR_WITHOUT_URL", `Mirror ${name} has no URL to ${direction}.`, {
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

/** A `file://` URL, escaped as by Python's `Path.as_uri`. */
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
