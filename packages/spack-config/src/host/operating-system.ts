// The platform and operating system of this machine, named as in Spack.

import { readFileSync } from "node:fs";

/** Spack's name of the platform: `linux`, `darwin`, `windows`, `freebsd`. */
export function hostPlatform(): string {
  return process.platform === "win32" ? "windows" : process.platform;
}

/** Spack's name of the operating system of this machine. */
export function hostOperatingSystem(): string {
  return process.platform === "darwin"
    ? macRelease(readFirst(["/System/Library/CoreServices/SystemVersion.plist"]))
    : linuxDistribution(readFirst(["/etc/os-release", "/usr/lib/os-release"]));
}

const MAC_RELEASES: Readonly<Record<string, string>> = {
  "10.15": "catalina",
  "11": "bigsur",
  "12": "monterey",
  "13": "ventura",
  "14": "sonoma",
  "15": "sequoia",
  "26": "tahoe",
};

/**
 * Spack's name of a release of macOS, from its SystemVersion.plist.
 *
 * Source: `lib/spack/spack/operating_systems/mac_os.py`.
 */
export function macRelease(systemVersion: string): string {
  const [, version = ""] =
    /<key>ProductVersion<\/key>\s*<string>([\d.]+)<\/string>/.exec(systemVersion) ?? [];
  const [major = "", minor = ""] = version.split(".");
  return MAC_RELEASES[Number(major) >= 11 ? major : `${major}.${minor}`] ?? "macos";
}

/**
 * Spack's name of a Linux distribution, from its os-release file: such as `debian12`, `ubuntu22.04` or `rhel9`.
 *
 * Source: `lib/spack/spack/operating_systems/linux_distro.py`, with the rules of the `distro` library that Spack
 * vendors for `/etc/os-release`.
 */
export function linuxDistribution(osRelease: string): string {
  const fields = parseOsRelease(osRelease);
  const id = (fields.get("ID") ?? "").toLowerCase().replaceAll(" ", "_");
  const name = { ol: "oracle", "opensuse-leap": "opensuse", "": "unknown" }[id] ?? id;
  const version = (fields.get("VERSION_ID") ?? "").split(/[^\w-]/);
  return name + (name.includes("ubuntu") ? version.slice(0, 2).join(".") : (version[0] ?? ""));
}

function readFirst(files: readonly string[]): string {
  for (const file of files) {
    try {
      return readFileSync(file, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  return "";
}

function parseOsRelease(text: string): Map<string, string> {
  const lines = text.split("\n").flatMap((line) => {
    const [, name, value] = /^\s*([A-Z_0-9]+)=(.*)$/.exec(line) ?? [];
    return name === undefined || value === undefined
      ? []
      : [[name, value.trim().replace(/^(['"])(.*)\1$/, "$2")] as const];
  });
  return new Map(lines);
}
