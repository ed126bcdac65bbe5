// Takes apart the prefix that a package had when it was packed, into root and projection.

import type { SpecNode } from "@spack-oci/spack-spec";
import { paddedRootIn, withoutPadding } from "@spack-oci/spack-store";
import type { PackageOrigin } from "./package-origin.js";

/** A prefix and its parts. */
export interface PackagePlace {
  readonly prefix: string;
  /** The root of the install tree with its padding. */
  readonly root: string;
  readonly unpaddedRoot: string;
  /** Length of the root in characters; undefined if it is not padded. */
  readonly paddedLength: number | undefined;
  /** The projection that results in the path below the root; unrecognized parts are literal. */
  readonly projection: string;
  /** What reveals the root: the layer's own build info, or the form of the prefix. */
  readonly by: "binary_distribution" | "prefix";
}

/**
 * The place of a package. Without build info, the root is what precedes one of Spack's default projections, or ends
 * where its padding ends.
 *
 * @returns undefined if the prefix is unknown, or does not reveal its root
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
 * `{architecture}/{compiler.name}-{compiler.version}/{name}-{version}-{hash}` (Spack: directory_layout.py). Versions
 * are written differently in paths than in specs, so they are not compared.
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

/** A shorter part of a hash is more likely something else. */
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

/** Replaces a word between slashes, dashes and the ends of the text. */
function replaceWords(text: string, word: string, replacement: string): string {
  const isBoundary = (character: string | undefined) =>
    character === undefined || character === "/" || character === "-";
  return text.replaceAll(word, (found, offset: number) =>
    isBoundary(text[offset - 1]) && isBoundary(text[offset + found.length]) ? replacement : found,
  );
}
