// Who may read and write the files of a package, from `packages:NAME:permissions` and `packages:all:permissions`.

import { SpackOciError } from "@spack-oci/errors";
import type { Configuration } from "../configuration.js";
import { asString, child } from "../yaml/value.js";

/** Modes and group of installed files. */
export interface ConfiguredPermissions {
  /** Permission bits of executable files; others lack the execute bits. */
  readonly fileMode: number;
  /** Permission bits of directories, including set-group-ID if the group has any. */
  readonly directoryMode: number;
  /** The group's name; empty when none is configured. */
  readonly groupName: string;
}

/**
 * The permissions of the package `name`.
 *
 * Source: `lib/spack/spack/package_prefs.py`, `get_package_permissions` and related functions.
 *
 * @throws SpackOciError `ERR_CONFIG_PERMISSIONS` if more may write than read, and the errors of {@link
 *   Configuration.section}.
 */
export function configuredPermissions(name: string, configuration: Configuration): ConfiguredPermissions {
  const read = setting(name, "read", configuration);
  const write = setting(name, "write", configuration);
  if ((write === "group" || write === "world") && read === "user") throw tooPermissive(name, read, write);
  if (write === "world" && read !== "world") throw tooPermissive(name, read, write);
  const mode = 0o700 | readBits(read) | writeBits(write);
  return {
    fileMode: mode,
    directoryMode: (mode & 0o070) !== 0 && allowsSetGroupId(configuration) ? mode | 0o2000 : mode,
    groupName: setting(name, "group", configuration),
  };
}

function setting(name: string, what: string, configuration: Configuration): string {
  const packages = configuration.section("packages");
  const [own, all] = [name, "all"].map((each) =>
    asString(child(child(child(packages, each), "permissions"), what)),
  );
  return own || all || "";
}

function readBits(whom: string): number {
  return whom === "world" ? 0o055 : whom === "group" ? 0o050 : 0;
}

function writeBits(whom: string): number {
  return whom === "world" ? 0o022 : whom === "group" ? 0o020 : 0;
}

function allowsSetGroupId(configuration: Configuration): boolean {
  const value = child(configuration.section("config"), "allow_sgid");
  return value?.kind !== "scalar" || value.value !== false;
}

function tooPermissive(name: string, read: string, write: string): SpackOciError {
  return new SpackOciError(
    "ERR_CONFIG_PERMISSIONS",
    `Permissions of ${name}: ${write} may write, but only ${read || "user"} may read.`,
    {
      kind: "usage",
      place: `packages:${name}:permissions`,
      hint: "Grant read permission to everyone who may write.",
    },
  );
}
