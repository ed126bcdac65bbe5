// Replaces `$spack`, `${user}`, environment variables and `~` in configured paths.

import { normalize } from "node:path";
import { hashText } from "@spack-oci/spack-spec";

import {
  type HostArchitecture,
  homeOfUser,
  type ProcessEnvironment,
  temporaryDirectory,
  userName,
} from "../host/host.js";

/** The values of path variables. */
export interface PathContext {
  readonly spackRoot: string;
  /** The version of Spack, such as `1.2.0.dev0`. */
  readonly spackVersion: string;
  readonly env: ProcessEnvironment;
  readonly cwd: string;
  readonly home: string;
  /** The architecture of the host; only detected if a path uses it. */
  readonly host: () => HostArchitecture;
  /** The directory of the active environment. */
  readonly environmentPath?: string | undefined;
}

type Replacement = (context: PathContext) => string | undefined;

const REPLACEMENTS: Readonly<Record<string, Replacement>> = {
  spack: ({ spackRoot }) => spackRoot,
  user: () => userName(),
  tempdir: ({ env, cwd }) => temporaryDirectory(env, cwd),
  user_cache_path: userCachePath,
  spack_instance_id: ({ spackRoot }) => hashText(spackRoot).slice(0, 7),
  architecture: ({ host }) => architectureText(host()),
  arch: ({ host }) => architectureText(host()),
  platform: ({ host }) => host().platform,
  operating_system: ({ host }) => host().os,
  os: ({ host }) => host().os,
  target: ({ host }) => host().target.name,
  target_family: ({ host }) => host().target.family,
  date: () => today(),
  env: ({ environmentPath }) => environmentPath,
  spack_short_version: ({ spackVersion }) => spackVersion.split(".").slice(0, 2).join("."),
};

/**
 * `path` with Spack's variables, then environment variables, then `~` replaced. Unknown variables are kept.
 *
 * Source: `lib/spack/spack/util/path.py`, `substitute_path_variables`.
 */
export function substituteVariables(path: string, context: PathContext): string {
  const configured = path.replace(/\$[\p{L}\p{N}_]+|\$\{[\p{L}\p{N}_]+\}/gu, (found) => {
    const name = found.replace(/^[${}]+|[${}]+$/g, "").toLowerCase();
    return (Object.hasOwn(REPLACEMENTS, name) ? REPLACEMENTS[name]?.(context) : undefined) ?? found;
  });
  const expanded = configured.replace(/\$(?:(\w+)|\{([^}]*)\})/g, (found, bare, braced) => {
    return context.env[bare ?? braced] ?? found;
  });
  return expandHome(expanded, context);
}

/**
 * The user's cache directory of Spack: `SPACK_USER_CACHE_PATH` or `~/.spack`.
 *
 * Source: `lib/spack/spack/paths.py`.
 */
export function userCachePath(context: PathContext): string {
  const path = normalize(expandHome(context.env["SPACK_USER_CACHE_PATH"] || "~/.spack", context));
  return path.length > 1 ? path.replace(/\/+$/, "") : path;
}

/** Replaces a leading `~` or `~user`, as Python's `os.path.expanduser`. */
function expandHome(path: string, { home }: PathContext): string {
  if (!path.startsWith("~")) return path;
  const end = path.includes("/") ? path.indexOf("/") : path.length;
  const user = path.slice(1, end);
  const directory = user === "" ? home : homeOfUser(user);
  if (directory === undefined) return path;
  return directory.replace(/\/+$/, "") + path.slice(end) || "/";
}

function architectureText({ platform, os, target }: HostArchitecture): string {
  return `${platform}-${os}-${target.name}`;
}

function today(): string {
  const now = new Date();
  const two = (part: number) => String(part).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
