// Adds packages to a directory: merges their prefixes, and links their files and metadata.

import { SpackOciError } from "@spack-oci/errors";
import { fileSystemPath, mkdir } from "@spack-oci/files";
import { formatSpec, type SpecNode } from "@spack-oci/spack-spec";
import type { LinkType } from "../descriptor/view-descriptor.js";
import type { ViewPackages } from "../descriptor/view-packages.js";
import { compareWithDestination } from "../merge/destination.js";
import { ignoresCase } from "../merge/ignores-case.js";
import { type MergeConflict, mergeConflictError } from "../merge/merge-conflict.js";
import { MergePlan, type PlannedEntry, sourceOf } from "../merge/merge-plan.js";
import { joinPath } from "../merge/python-paths.js";
import { ViewPlaces } from "../merge/view-places.js";
import { copyMapsOf } from "./copy-maps.js";
import { linkerOf } from "./link-file.js";

/** Where packages are added, and how. */
export interface ViewDirectory {
  /** Absolute path of an existing directory, on which only one process may work. */
  readonly path: string;
  readonly linkType: LinkType;
  /** Format strings of directories below it, by spec. */
  readonly projections: ReadonlyMap<string, string>;
}

/** What two packages of one name may differ in. */
const DIFFERENCES = "{name}{@version}{compiler_flags}{variants}{/hash:7}";

/** Spack's own files in a prefix. */
const METADATA = ".spack";

/** A view under construction. */
interface Construction {
  readonly directory: ViewDirectory;
  readonly packages: ViewPackages;
  readonly places: ViewPlaces;
}

/**
 * Links the files of packages, dependents first: of two files at one path, that of the first package stays. The result
 * is that of Spack if no recipe has view methods of its own.
 *
 * Source: `filesystem_view.py`, `SimpleFilesystemView.add_specs`.
 *
 * @param nodes the packages; externals are skipped
 * @returns the conflicts between files, which are not errors
 * @throws SpackOciError `ERR_VIEW_SPECS_CLASH` or `ERR_VIEW_CONFLICT` (`conflict`) before anything is written,
 *   `ERR_RELOCATION_BLOCKED` if a copy has no room for its new paths, and the errors of projections; Error of the file
 *   system. The directory may then be incomplete.
 */
export async function addPackages(
  directory: ViewDirectory,
  nodes: readonly SpecNode[],
  packages: ViewPackages,
): Promise<readonly MergeConflict[]> {
  const own = nodes.filter((node) => node.external === undefined);
  const places = new ViewPlaces(directory.projections, packages.graph);
  const construction = { directory, packages, places };
  requireOwnPlaces(own, construction);

  const plan = new MergePlan({
    isIgnored: (path) => path.slice(path.lastIndexOf("/") + 1) === METADATA,
    ignoresCase: await ignoresCase(directory.path),
  });
  for (const node of own) await plan.add(packages.prefixOf(node), places.normalized(node));
  await compareWithDestination(directory.path, plan);
  if (plan.fatalConflicts.length > 0) throw mergeConflictError(directory.path, plan.fatalConflicts);
  await makePlannedDirectories(directory.path, plan);
  await linkFiles(own, plan, construction);
  await linkMetadata(own, construction);
  return plan.fileConflicts;
}

/** Every package has the same files of metadata, so their directories show whether two packages clash. */
function requireOwnPlaces(nodes: readonly SpecNode[], { directory, packages, places }: Construction): void {
  const seen = new Map<string, SpecNode>();
  for (const node of nodes) {
    const place = metadataPlace(places.of(node), node);
    const other = seen.get(place);
    if (other !== undefined) {
      const both = [node, other].map((each) => formatSpec(packages.graph, each, DIFFERENCES)).join(" and ");
      throw new SpackOciError(
        "ERR_VIEW_SPECS_CLASH",
        `Two packages have the same place in a view: ${both}.`,
        {
          kind: "conflict",
          place: directory.path,
          hint: "Use `concretizer:unify:true` for one package per name, separate them by projections, or set `view: false`.",
        },
      );
    }
    seen.set(place, node);
  }
}

function metadataPlace(projection: string, { name }: SpecNode): string {
  return joinPath(joinPath(projection, METADATA), name);
}

async function makePlannedDirectories(view: string, plan: MergePlan): Promise<void> {
  for (const { path } of plan.directories) await mkdir(fileSystemPath(joinPath(view, path)));
}

async function linkFiles(
  nodes: readonly SpecNode[],
  plan: MergePlan,
  construction: Construction,
): Promise<void> {
  const { directory, packages } = construction;
  const link = linkerOf(directory.linkType);
  const bySource = filesBySource(plan);
  for (const node of nodes) {
    const isCopied = directory.linkType === "copy";
    const maps = isCopied ? copyMapsOf(node, directory.path, construction) : undefined;
    for (const file of bySource.get(packages.prefixOf(node)) ?? []) {
      await link({ source: sourceOf(file), destination: joinPath(directory.path, file.path) }, maps);
    }
  }
}

function filesBySource(plan: MergePlan): ReadonlyMap<string, readonly PlannedEntry[]> {
  const files = new Map<string, PlannedEntry[]>();
  for (const file of plan.files) {
    const others = files.get(file.source);
    if (others === undefined) files.set(file.source, [file]);
    else others.push(file);
  }
  return files;
}

/** Metadata is not relocated. */
async function linkMetadata(nodes: readonly SpecNode[], construction: Construction): Promise<void> {
  const { directory, packages, places } = construction;
  const plan = new MergePlan();
  for (const node of nodes) {
    await plan.add(joinPath(packages.prefixOf(node), METADATA), metadataPlace(places.normalized(node), node));
  }
  await compareWithDestination(directory.path, plan);
  const conflicts = [...plan.fatalConflicts, ...plan.fileConflicts];
  if (conflicts.length > 0) throw mergeConflictError(directory.path, conflicts);
  await makePlannedDirectories(directory.path, plan);
  const link = linkerOf(directory.linkType);
  for (const file of plan.files) {
    await link({ source: sourceOf(file), destination: joinPath(directory.path, file.path) }, undefined);
  }
}
