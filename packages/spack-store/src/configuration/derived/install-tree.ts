// Where the configuration puts installed packages.
import { join } from "node:path";
import { addPadding, systemPaddedLength } from "../../store/padding.js";
import type { Configuration } from "../configuration.js";
import { canonicalizePath } from "../paths/canonicalize.js";
import type { PathContext } from "../paths/variables.js";
import { asString, type ConfigScalar, type ConfigValue, child } from "../yaml/value.js";

/** The install tree of a store. */
export interface InstallTree {
  /** The root with its padding: prefixes and the database are below it. */
  readonly root: string;
  /** The root as configured, variables expanded; `bin/sbang` is below it. */
  readonly unpaddedRoot: string;
  /** Format strings of prefixes by the specs that they are for, in order; `all` is used last, wherever it stands. */
  readonly projections: ReadonlyMap<string, string>;
  /** What Spack would warn of. */
  readonly warnings: readonly string[];
}

/**
 * The configured install tree. The old way to pad, `root: /x$padding:128`, still works.
 *
 * Source: `lib/spack/spack/store.py`, `parse_install_tree`.
 *
 * @throws {SpackOciError} the errors of {@link Configuration.section}.
 */
export function installTree(configuration: Configuration, paths: PathContext): InstallTree {
  const tree = child(configuration.section("config"), "install_tree");
  const warnings: string[] = [];
  const configured = canonicalRoot(child(tree, "root"), paths);
  const { withoutSign, length } = readPadding(configured, child(tree, "padded_length"), warnings);
  const unpaddedRoot = withoutSign.replace(/\/+$/, "");
  const root = length > 0 ? addPadding(unpaddedRoot, length) : unpaddedRoot;
  if (length > 0) warnOfPadding(unpaddedRoot, root, length, warnings);
  return {
    root,
    unpaddedRoot,
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

function warnOfPadding(unpadded: string, root: string, length: number, warnings: string[]): void {
  if (length - unpadded.length === 1) warnings.push("Cannot pad path by exactly one character.");
  if (root.length !== length) {
    warnings.push(`Cannot pad ${root} to ${length} characters. It is already ${root.length} characters long`);
  }
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
