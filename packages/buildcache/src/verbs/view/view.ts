// The verb view: one tree of the files of several packages.

import { resolve } from "node:path";
import { SpackOciError } from "@spack-oci/errors";
import { runtimeClosure, type SpecNode, topological } from "@spack-oci/spack-spec";
import type { Store } from "@spack-oci/spack-store";
import { extendView, type LinkType } from "@spack-oci/spack-views";
import { describePackage } from "../../events/events.js";
import { firstNames } from "../../events/first-names.js";
import { LostIdentities } from "../../events/lost-identities.js";
import {
  type Choice,
  type InstalledPackages,
  installedPackages,
} from "../../installed/installed-packages.js";
import type { Run } from "../../schedule/run.js";

export interface ViewRequest extends Choice {
  /** The directory of the view; created if it does not exist. */
  readonly directory: string;
  /** Symbolic links if undefined. */
  readonly linkType?: LinkType | undefined;
  /** False for only the named packages; true by default. */
  readonly withDependencies?: boolean | undefined;
  /** Leaves out packages whose names begin with a match. */
  readonly exclude?: readonly RegExp[] | undefined;
  /** Whether the file of a dependent hides those of its dependencies; otherwise two files at one path are an error. */
  readonly ignoreConflicts?: boolean | undefined;
  /** Stores whose packages the store uses. */
  readonly upstreams?: readonly Store[] | undefined;
  /** Runs a command of the Spack that owns the store; without it, recipes that take part are an error. */
  readonly runSpack?: ((args: readonly string[], signal?: AbortSignal) => Promise<unknown>) | undefined;
}

export interface ViewOutcome {
  /** Absolute path of the view. */
  readonly directory: string;
  /** Packages that were added; all of them if Spack did it. */
  readonly added: readonly SpecNode[];
  /** Packages that the view already had. */
  readonly present: readonly SpecNode[];
  /** Externals, of which a view has nothing. */
  readonly externals: readonly SpecNode[];
  /** Whether Spack did it, because recipes take part. */
  readonly bySpack: boolean;
}

/** How many packages a message names. */
const MAX_NAMED = 5;

/**
 * Adds packages and all their dependencies to a view, as `spack view` does (Spack: cmd/view.py). Build dependencies
 * that are not installed are left out; Spack would stop there.
 *
 * @throws SpackOciError `ERR_SPEC_NOT_FOUND`, `ERR_SPEC_AMBIGUOUS`, `ERR_NOT_INSTALLED` if a link or run dependency is
 *   missing, `ERR_VIEW_NEEDS_SPACK` if only Spack can do it, and the errors of databases and of `extendView`
 */
export async function view(
  request: ViewRequest,
  { store, run }: { readonly store: Store; readonly run: Pick<Run, "listener" | "signal"> },
): Promise<ViewOutcome> {
  const installed = await installedPackages(store, request.upstreams);
  const roots = installed.choose(request);
  const nodes = packagesOf(roots, installed, request);
  const { graph, prefixOf, isInstalled } = installed;
  const directory = resolve(request.directory);
  const linkType = request.linkType ?? "symlink";
  const lost = new LostIdentities();
  const change = await extendView(
    { path: directory, linkType, ignoresConflicts: request.ignoreConflicts === true },
    nodes,
    {
      graph,
      roots: roots.map(({ hash }) => hash),
      prefixOf: (node) => prefixOf(node) ?? "",
      isInstalled,
      storeRoot: store.root,
      onIdentityLost: lost.add,
    },
  );
  lost.warn(run.listener);
  if (change.outcome === "extended") {
    const { added, present, externals } = change;
    return { directory, added, present, externals, bySpack: false };
  }
  if (request.runSpack === undefined) throw needsSpack(directory, change.because);
  await request.runSpack(spackArguments(request, { directory, linkType, roots }), run.signal);
  return { directory, added: nodes, present: [], externals: [], bySpack: true };
}

/** Dependents first, so that of two files at one path that of the dependent stays. */
function packagesOf(
  roots: readonly SpecNode[],
  { graph, isInstalled }: InstalledPackages,
  { withDependencies = true, exclude = [] }: ViewRequest,
): readonly SpecNode[] {
  const hashes = roots.map(({ hash }) => hash);
  const all = withDependencies ? topological(graph, hashes) : roots;
  const needed = new Set(runtimeClosure(graph, hashes));
  const wanted = all.filter(({ name }) => !exclude.some((pattern) => matchesStart(pattern, name)));
  const missing = wanted.find(
    (node) => needed.has(node) && !isInstalled(node) && node.external === undefined,
  );
  if (missing !== undefined) {
    throw new SpackOciError("ERR_NOT_INSTALLED", `${describePackage(missing)} is not installed.`, {
      kind: "not-found",
      place: missing.hash,
      hint: "Pull it, or exclude it from the view.",
    });
  }
  return wanted.filter((node) => isInstalled(node) || node.external !== undefined);
}

/** Python: `re.match`. */
function matchesStart(pattern: RegExp, text: string): boolean {
  return new RegExp(`^(?:${pattern.source})`, pattern.flags).test(text);
}

function spackArguments(
  { withDependencies = true, exclude = [], ignoreConflicts = false }: ViewRequest,
  target: {
    readonly directory: string;
    readonly linkType: LinkType;
    readonly roots: readonly SpecNode[];
  },
): readonly string[] {
  return [
    "view",
    ...exclude.flatMap(({ source }) => ["--exclude", source]),
    ...(withDependencies ? [] : ["--dependencies", "no"]),
    target.linkType,
    ...(ignoreConflicts ? ["--ignore-conflicts"] : []),
    target.directory,
    ...target.roots.map(({ hash }) => `/${hash}`),
  ];
}

function needsSpack(directory: string, because: readonly SpecNode[]): SpackOciError {
  const names = firstNames(because.map(describePackage), MAX_NAMED);
  return new SpackOciError(
    "ERR_VIEW_NEEDS_SPACK",
    `Only Spack can make the view ${directory}, because of the recipes of ${names}.`,
    {
      kind: "unsupported",
      place: directory,
      hint: "Exclude these packages, or use `spack-oci env` instead of a view.",
    },
  );
}
