// Inspects a store on disk: its prefixes, and anything left between them.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describePrefix, type PrefixDescription } from "./describe-prefix.js";

const PLATFORM = "linux-x86_64_v3";

/** Rewritten by every install, or with times in it. */
const VOLATILE = [".spack/install_times.json", ".spack/install_manifest.json"];

/** Names of prefixes below a root, sorted. */
export function prefixNames(root: string): string[] {
  return namesIn(join(root, PLATFORM)).filter((name) => !name.startsWith("."));
}

/** The only prefix below a root whose name starts like this. */
export function findPrefix(root: string, start: string): string {
  const [name, ...others] = prefixNames(root).filter((candidate) => candidate.startsWith(start));
  if (name === undefined || others.length > 0)
    throw new Error(`${others.length} prefixes begin with ${start}`);
  return join(root, PLATFORM, name);
}

/** Leftovers of a run: stray names next to prefixes, in the root and in its `bin`. */
export function leftovers(root: string): string[] {
  return [
    ...namesIn(join(root, PLATFORM)).filter((name) => name.startsWith(".")),
    ...namesIn(join(root, "bin")).filter((name) => name !== "sbang"),
    ...namesIn(join(root, ".spack-db")).filter((name) => /temp|\.spack-oci/.test(name)),
  ];
}

/** A prefix, without what differs between any two installs. */
export function describeInstalled(root: string, name: string): PrefixDescription {
  const { entries, hardlinks } = describePrefix(join(root, PLATFORM, name));
  return {
    entries: Object.fromEntries(
      Object.entries(entries).map(([path, entry]) =>
        VOLATILE.includes(path) ? [path, { type: entry.type, mode: entry.mode }] : [path, entry],
      ),
    ),
    hardlinks,
  };
}

/** Every prefix of a store, by name. */
export function describeStore(root: string): Map<string, PrefixDescription> {
  return new Map(prefixNames(root).map((name) => [name, describeInstalled(root, name)]));
}

function namesIn(directory: string): string[] {
  return existsSync(directory) ? readdirSync(directory).sort() : [];
}
