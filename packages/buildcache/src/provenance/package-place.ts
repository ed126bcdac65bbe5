// Where a package was installed when it was packed: its prefix taken apart into root and projection.

import type { SpecNode } from "@spack-oci/spack-spec";
import { paddedRootIn, withoutPadding } from "@spack-oci/spack-store";
import type { PackageOrigin } from "./package-origin.js";

/** A prefix and its parts. */
export interface PackagePlace {
  readonly prefix: string;
  /** The root of the install tree with its padding. */
  readonly root: string;
  readonly unpaddedRoot: string;
  /** Characters of the root; undefined where it has no padding. */
  readonly paddedLength: number | undefined;
  /** What the path below the root would be in the configuration; what is not recognised stands as it is. */
  readonly projection: string;
  /** What the root is known by: what the layer says of itself, or how the prefix looks. */
  readonly by: "binary_distribution" | "prefix";
}

/**
 * The place of a package. Without its build info the root is what comes before a projection that Spack has by default, or
 * ends where its padding ends.
 *
 * @returns undefined where the prefix is unknown, or does not tell its root
 */
export function placeOf(
  { prefix, install }: Pick<PackageOrigin, "prefix" | "install">,
  node: SpecNode,
): PackagePlace | undefined {
  if (prefix === undefined) return undefined;
  const root = install?.root ?? paddedRootIn(prefix) ?? rootBeforeDefault(prefix, node);
  if (root === undefined || !prefix.startsWith(`${root}/`)) return undefined;
  const unpaddedRoot = withoutPadding(root);
  return {
    prefix,
    root,
    unpaddedRoot,
    paddedLength: unpaddedRoot === root ? undefined : [...root].length,
    projection: projectionOf(prefix.slice(root.length + 1), node),
    by: install === undefined ? "prefix" : "binary_distribution",
  };
}

/**
 * `{architecture.platform}-{architecture.target}/{name}-{version}-{hash}` since 1.0, before that
 * `{architecture}/{compiler.name}-{compiler.version}/{name}-{version}-{hash}` (Spack: directory_layout.py). Versions are
 * written in other ways in paths than in specs, so that they are not compared.
 */
function rootBeforeDefault(prefix: string, { name, hash, architecture }: SpecNode): string | undefined {
  const components = prefix.split("/");
  const own = components.at(-1) ?? "";
  if (architecture === undefined || !own.startsWith(`${name}-`) || !own.endsWith(`-${hash}`))
    return undefined;
  const { platform, os, target } = architecture;
  if (components.at(-2) === `${platform}-${target}`) return components.slice(0, -2).join("/");
  if (components.at(-3) === `${platform}-${os}-${target}`) return components.slice(0, -3).join("/");
  return undefined;
}

/** Shorter starts of a hash are more likely something else. */
const MIN_HASH_LENGTH = 5;

function projectionOf(path: string, { name, version, hash, architecture }: SpecNode): string {
  const texts: [string | undefined, string][] = [
    [hash, "{hash}"],
    ...Array.from({ length: hash.length - MIN_HASH_LENGTH }, (_, index): [string, string] => {
      const length = hash.length - 1 - index;
      return [hash.slice(0, length), `{hash:${length}}`];
    }),
    [architecture && `${architecture.platform}-${architecture.os}-${architecture.target}`, "{architecture}"],
    [architecture?.platform, "{architecture.platform}"],
    [architecture?.os, "{architecture.os}"],
    [architecture?.target, "{architecture.target}"],
    [name, "{name}"],
    [version.replaceAll(/[^\w.-]/g, "_"), "{version}"],
  ];
  return texts.reduce(
    (text, [value, placeholder]) => (value ? replaceWords(text, value, placeholder) : text),
    path,
  );
}

/** Replaces a text where it stands between slashes, dashes and the ends. */
function replaceWords(text: string, word: string, replacement: string): string {
  const isBoundary = (character: string | undefined) =>
    character === undefined || character === "/" || character === "-";
  return text.replaceAll(word, (found, offset: number) =>
    isBoundary(text[offset - 1]) && isBoundary(text[offset + found.length]) ? replacement : found,
  );
}
