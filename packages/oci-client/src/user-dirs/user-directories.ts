// Where a user's configuration and caches are (XDG Base Directory Specification).
import { homedir } from "node:os";
import { join } from "node:path";

/** `HOME`, else what the system says. */
export function homeDirectory(environment: NodeJS.ProcessEnv): string {
  return environment["HOME"] || homedir();
}

/** `XDG_CONFIG_HOME`, else `~/.config`. */
export function configDirectory(environment: NodeJS.ProcessEnv): string {
  return environment["XDG_CONFIG_HOME"] || join(homeDirectory(environment), ".config");
}

/** `XDG_CACHE_HOME`, else `~/.cache`. */
export function cacheDirectory(environment: NodeJS.ProcessEnv): string {
  return environment["XDG_CACHE_HOME"] || join(homeDirectory(environment), ".cache");
}
