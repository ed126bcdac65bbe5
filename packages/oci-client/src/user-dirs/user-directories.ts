// The user's directories for configuration, caches and data (XDG Base Directory Specification).

import { homedir } from "node:os";
import { join } from "node:path";

/** `HOME`, or what the system reports; `/` for a user whom the system does not know, as in many containers. */
export function homeDirectory(environment: NodeJS.ProcessEnv): string {
  return environment["HOME"] || reportedHome();
}

function reportedHome(): string {
  try {
    return homedir();
  } catch {
    return "/"; // the user has no entry in the system's database, which is not an error of the command
  }
}

/** `XDG_CONFIG_HOME`, or `~/.config`. */
export function configDirectory(environment: NodeJS.ProcessEnv): string {
  return environment["XDG_CONFIG_HOME"] || join(homeDirectory(environment), ".config");
}

/** `XDG_CACHE_HOME`, or `~/.cache`. */
export function cacheDirectory(environment: NodeJS.ProcessEnv): string {
  return environment["XDG_CACHE_HOME"] || join(homeDirectory(environment), ".cache");
}

/** `XDG_DATA_HOME`, or `~/.local/share`. */
export function dataDirectory(environment: NodeJS.ProcessEnv): string {
  return environment["XDG_DATA_HOME"] || join(homeDirectory(environment), ".local", "share");
}
