// Where the configuration puts installed packages.

import { join } from "node:path";

import type { Configuration } from "../configuration.js";
import { canonicalizePath } from "../paths/canonicalize.js";
import type { PathContext } from "../paths/variables.js";
import { asString, type ConfigScalar, type ConfigValue, child } from "../yaml/value.js";

/** The install tree of a store. */
export interface InstallTree {
  /** The root as configured, variables expanded and without its padding; `bin/sbang` is below it. */
  readonly unpaddedRoot: string;
  /** How long the padded root is; 0 without padding. */
  readonly paddedLength: number;
  /** Format strings of prefixes by spec, in order; `all` always applies last. */
  readonly projections: ReadonlyMap<string, string>;
  /** Warnings that Spack would print. */
  readonly warnings: readonly string[];
}

/**
 * The configured install tree. The old syntax for padding, `root: /x$padding:128`, still works.
 *
 * Source: `lib/spack/spack/store.py`, `parse_install_tree`.
 *
 * @throws SpackOciError the errors of {@link Configuration.section}.
 */
export function installTree(configuration: Configuration, paths: PathContext): InstallTree {
  const tree = child(configuration.section("config"), "install_tree");
  const warnings: string[] = [];
  const configured = canonicalRoot(child(tree, "root"), paths);
  const { withoutSign, length } = readPadding(configured, child(tree, "padded_length"), warnings);
  const unpaddedRoot = withoutSign.replace(/\/+$/, "");
  if (length > 0) warnOfPadding(unpaddedRoot, length, warnings);
  return {
    unpaddedRoot,
    paddedLength: length,
    projections: projectionsOf(child(tree, "projections"), paths.spackVersion),
    warnings,
  };
}

function canonicalRoot(root: ConfigValue | undefined, paths: PathContext): string {
  const written = root ?? join(paths.spackRoot, "opt/spack");
  return canonicalizePath(typeof written === "string" ? written : (written as ConfigScalar), paths);
}

function readPadding(root: string, configured: ConfigValue | undefined, warnings: string[]) {
  const value = configured?.kind === "scalar" ? configured.value : false;
  const length = value === true ? systemPaddedLength() : Number(value);
  const sign = /\$padding(?::(\d+))?|\$\{padding(?::(\d+))?\}/.exec(root);
  if (sign === null) return { withoutSign: root, length };
  if (length > 0) {
    warnings.push(
      "Ignoring deprecated padding option in install_tree root because new syntax padding is present.",
    );
    return { withoutSign: root, length };
  }
  const digits = sign[1] ?? sign[2];
  return {
    withoutSign: root.replaceAll(sign[0], ""),
    length: digits === undefined ? systemPaddedLength() : Number(digits),
  };
}

function warnOfPadding(root: string, length: number, warnings: string[]): void {
  const own = [...root].length;
  if (length - own === 1) warnings.push("Cannot pad path by exactly one character.");
  if (own > length) {
    warnings.push(`Cannot pad ${root} to ${length} characters. It is already ${own} characters long`);
  }
}

/** What Spack reserves for paths below the root when it pads as far as the system allows. */
const MAX_PATH_BELOW_ROOT = 300;

/** The length that `padded_length: true` stands for, with the longest path of the operating system. */
export function systemPaddedLength(platform: NodeJS.Platform = process.platform): number {
  return (platform === "linux" ? 4096 : 1024) - MAX_PATH_BELOW_ROOT;
}

function projectionsOf(configured: ConfigValue | undefined, spackVersion: string): Map<string, string> {
  if (configured?.kind !== "map") return new Map([["all", defaultProjection(spackVersion)]]);
  return new Map([...configured.entries].map(([spec, { value }]) => [spec, asString(value) ?? ""]));
}

/** Source: `lib/spack/spack/directory_layout.py`, `default_projections`; changed in Spack 1.0. */
function defaultProjection(spackVersion: string): string {
  return spackVersion.startsWith("0.")
    ? "{architecture}/{compiler.name}-{compiler.version}/{name}-{version}-{hash}"
    : "{architecture.platform}-{architecture.target}/{name}-{version}-{hash}";
}
