// The names of mirrors, from Spack's configuration, and of packages, as far as they were read before. Nothing here
// asks a registry, and nothing fails: completion then has fewer words.

import { keptNames } from "@spack-oci/buildcache/kept-names";
import type { MirrorEntry, OpenSpackOptions } from "@spack-oci/spack-config";
import type { Candidate, KnownNames } from "./complete.js";

/** Where Spack's configuration is. */
export type SpackChoice = Omit<OpenSpackOptions, "env">;

/** @param choice the global options on the command line */
export async function knownNames(environment: NodeJS.ProcessEnv, choice: SpackChoice): Promise<KnownNames> {
  const { openSpackInstance, openUserConfiguration } = await import("@spack-oci/spack-config");
  const options = { ...choice, env: environment };
  const read = once(() => {
    const configuration =
      attempt(() => openSpackInstance(options)) ?? attempt(() => openUserConfiguration(options));
    const mirrors = attempt(() => configuration?.mirrors()) ?? [];
    return mirrors.flatMap((mirror) => named(mirror) ?? []);
  });
  return {
    mirrors: () => read().map(({ name, url }) => ({ text: name, summary: url })),
    packages(mirror, current) {
      const urls = mirror === undefined ? read().map(({ url }) => url) : [urlOf(mirror, read)];
      return packageCandidates(
        urls.flatMap((url) => keptNames(environment, url)),
        current,
      );
    },
  };
}

interface NamedMirror {
  readonly name: string;
  readonly url: string;
}

function named({ name, connection }: MirrorEntry): NamedMirror | undefined {
  const url = attempt(() => connection("fetch").url);
  return url === undefined ? undefined : { name, url };
}

function urlOf(mirror: string, read: () => readonly NamedMirror[]): string {
  if (/^[\w+-]+:/.test(mirror)) return mirror;
  return read().find(({ name }) => name === mirror)?.url ?? mirror;
}

/** Hashes once a slash is typed, versions once a name is, otherwise names. */
function packageCandidates(
  packages: readonly { readonly name: string; readonly version: string; readonly hash: string }[],
  current: string,
): readonly Candidate[] {
  if (current.startsWith("/"))
    return packages.map(({ name, version, hash }) => ({ text: `/${hash}`, summary: `${name}@${version}` }));
  const texts = current.includes("@")
    ? packages.map(({ name, version }) => `${name}@${version}`)
    : packages.map(({ name }) => name);
  return [...new Set(texts)].sort().map((text) => ({ text, summary: "" }));
}

/** The result of something that may fail; then undefined, because nobody reads an error while typing. */
function attempt<Result>(action: () => Result): Result | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

function once<Result>(make: () => Result): () => Result {
  let made: { readonly result: Result } | undefined;
  return () => {
    made ??= { result: make() };
    return made.result;
  };
}
