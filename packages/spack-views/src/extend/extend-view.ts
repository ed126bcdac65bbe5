// Adds packages to a view in place, as `spack view symlink`, `hardlink` and `copy` do.

import { rmdir, unlink, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { isSpackOciError, SpackOciError } from "@spack-oci/errors";
import { fileSystemPath, mkdir } from "@spack-oci/files";
import type { SpecNode } from "@spack-oci/spack-spec";
import type { LinkType } from "../descriptor/view-descriptor.js";
import type { ViewPackages } from "../descriptor/view-packages.js";
import { copyMapsOf } from "../links/copy-maps.js";
import { linkerOf } from "../links/link-file.js";
import { lstatIfAny, unlessMissing } from "../merge/lstat-if-any.js";
import { joinPath } from "../merge/python-paths.js";
import { ViewPlaces } from "../merge/view-places.js";
import { needsRecipe, readRecipes } from "../recipes/read-recipes.js";
import { type Addition, planExtension } from "./plan-extension.js";

/** The view to extend. */
export interface ViewToExtend {
  /** Absolute path; created if it does not exist. */
  readonly path: string;
  readonly linkType: LinkType;
  /** Whether the first of several files at one path stays, instead of being a conflict. */
  readonly ignoresConflicts: boolean;
}

/** What became of a view. */
export type ViewExtension =
  | {
      readonly outcome: "extended";
      readonly added: readonly SpecNode[];
      /** Packages that the view already had. */
      readonly present: readonly SpecNode[];
      /** Packages that a view has nothing of. */
      readonly externals: readonly SpecNode[];
    }
  /** Not touched: the recipes of these packages take part in adding them, and only Spack can run them. */
  | { readonly outcome: "needs-spack"; readonly because: readonly SpecNode[] };

/** As Spack creates it (Spack: llnl/util/filesystem.py, `touch`). */
const MARKER = { flag: "wx", mode: 0o777 };

/** A view with a file of this name has projections, which decide where packages go. */
const PROJECTIONS = ".spack/projections.yaml";

/**
 * Adds the files and the metadata of packages, dependents first. Everything is checked before anything is written, and
 * an error while writing removes what was added. Like Spack, makes an empty directory of a link to a directory. Only
 * one process at a time may extend a view.
 *
 * Source: `cmd/view.py` and `filesystem_view.py`, `YamlFilesystemView.add_specs`.
 *
 * @throws SpackOciError `ERR_VIEW_SPECS_CLASH`, `ERR_VIEW_CONFLICT` (`conflict`), `ERR_VIEW_PROJECTIONS`
 *   (`unsupported`), `ERR_RELOCATION_BLOCKED` if a copy has no room for its new paths, `ERR_VIEW_FAILED` for errors of
 *   the file system
 */
export async function extendView(
  view: ViewToExtend,
  nodes: readonly SpecNode[],
  packages: ViewPackages,
): Promise<ViewExtension> {
  try {
    return await extend(view, nodes, packages);
  } catch (cause) {
    if (isSpackOciError(cause)) throw cause;
    const { code, path, message } = cause as NodeJS.ErrnoException;
    if (code === undefined) throw cause;
    throw new SpackOciError("ERR_VIEW_FAILED", `Could not make the view ${view.path}: ${message}`, {
      kind: code === "EACCES" || code === "EPERM" ? "denied" : "failed",
      place: path ?? view.path,
      hint:
        code === "EXDEV"
          ? "Hard links cannot cross file systems: link softly, or copy."
          : "Fix that, and run the same command again.",
      cause,
    });
  }
}

async function extend(
  view: ViewToExtend,
  nodes: readonly SpecNode[],
  packages: ViewPackages,
): Promise<ViewExtension> {
  const { path, ignoresConflicts } = view;
  const { graph, prefixOf } = packages;
  await requireNoProjections(path);
  const externals = nodes.filter(({ external }) => external !== undefined);
  const own = nodes.filter(({ external }) => external === undefined);
  const recipes = await readRecipes(own, prefixOf);
  const descriptor = { projections: new Map<string, string>() };
  const because = own.filter((node) => {
    const traits = recipes.get(node.hash);
    return traits !== undefined && needsRecipe(node, traits, { descriptor, graph });
  });
  if (because.length > 0) return { outcome: "needs-spack", because };
  const request = { view: path, graph, prefixOf, ignoresConflicts };
  const { additions, added, present } = await planExtension(own, request);
  await create(additions, view, packages);
  return { outcome: "extended", added, present, externals };
}

async function requireNoProjections(view: string): Promise<void> {
  if ((await lstatIfAny(joinPath(view, PROJECTIONS))) === undefined) return;
  throw new SpackOciError("ERR_VIEW_PROJECTIONS", `${view} is a view with projections.`, {
    kind: "unsupported",
    place: view,
    hint: "Use `spack view` for it, or choose another directory.",
  });
}

async function create(
  additions: readonly Addition[],
  { path, linkType }: ViewToExtend,
  packages: ViewPackages,
): Promise<void> {
  const link = linkerOf(linkType);
  const places = new ViewPlaces(new Map(), packages.graph);
  const done: (() => Promise<void>)[] = [];
  let mapped: { readonly owner: SpecNode; readonly maps: ReturnType<typeof copyMapsOf> } | undefined;
  const mapsOf = (owner: SpecNode | undefined) => {
    if (owner === undefined || linkType !== "copy") return undefined;
    // The files of one package follow each other.
    if (mapped?.owner !== owner) mapped = { owner, maps: copyMapsOf(owner, path, { packages, places }) };
    return mapped.maps;
  };
  try {
    for (const directory of await missingParents(path))
      await createOne({ kind: "directory", destination: directory });
    for (const addition of additions) await createOne(addition);
  } catch (error) {
    for (const undo of done.reverse()) await undo();
    throw error;
  }

  async function createOne(addition: Addition): Promise<void> {
    const { destination } = addition;
    const created = fileSystemPath(destination);
    if (addition.kind === "directory") {
      await mkdir(created);
      done.push(() => rmdir(created));
      return;
    }
    try {
      if (addition.kind === "marker") await writeFile(created, "", MARKER);
      else await link({ source: addition.source, destination }, mapsOf(addition.owner));
    } catch (error) {
      // A copy that fails may have begun its file; what exists belongs to somebody else.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") await unlink(created).catch(unlessMissing);
      throw error;
    }
    done.push(() => unlink(created));
  }
}

/** The directories above a view that do not exist, outermost first. */
async function missingParents(view: string): Promise<readonly string[]> {
  const missing: string[] = [];
  for (let path = dirname(view); (await lstatIfAny(path)) === undefined; path = dirname(path))
    missing.unshift(path);
  return missing;
}
