// Plans what to add to a view for single packages, and refuses conflicts before anything is written.

import { readFile } from "node:fs/promises";
import { SpackOciError } from "@spack-oci/errors";
import { formatSpec, parseSpecDocument, type SpecGraph, type SpecNode } from "@spack-oci/spack-spec";
import { unlessMissing } from "../merge/lstat-if-any.js";
import { type MergeConflict, mergeConflictError } from "../merge/merge-conflict.js";
import { joinPath, parentOf } from "../merge/python-paths.js";
import { GrowingTree } from "./growing-tree.js";
import { listTree } from "./list-tree.js";

/** Something to create; paths are absolute. */
export type Addition =
  | { readonly kind: "directory"; readonly destination: string }
  /** An empty file that keeps a directory from being removed (Spack: link_tree.py, `empty_file_name`). */
  | { readonly kind: "marker"; readonly destination: string }
  | {
      readonly kind: "file";
      readonly destination: string;
      readonly source: string;
      /** The package whose paths a copy has to change; undefined for metadata. */
      readonly owner: SpecNode | undefined;
    };

export interface ExtensionPlan {
  /** In the order in which to create them. */
  readonly additions: readonly Addition[];
  readonly added: readonly SpecNode[];
  /** Packages that the view already has. */
  readonly present: readonly SpecNode[];
}

/** What the view is, and what is added to it. */
export interface ExtensionRequest {
  /** Absolute path of the view, which may not exist. */
  readonly view: string;
  readonly graph: SpecGraph;
  readonly prefixOf: (node: SpecNode) => string;
  /** Whether the first of several files at one path stays, instead of being a conflict. */
  readonly ignoresConflicts: boolean;
}

/** Spack's own files in a prefix, and in a view. */
const METADATA = ".spack";

const EMPTY_MARKER = ".spack-empty";

/** What two packages of one name may differ in. */
const DIFFERENCES = "{name}{@version}{compiler_flags}{variants}{/hash:7}";

/**
 * Plans one package after the other, as Spack links them.
 *
 * Source: `filesystem_view.py`, `YamlFilesystemView.add_specs`, and `llnl/util/link_tree.py`, `LinkTree`.
 *
 * @param nodes no externals
 * @throws SpackOciError `ERR_VIEW_SPECS_CLASH` (`conflict`) if the view has another package of the same name,
 *   `ERR_VIEW_CONFLICT` (`conflict`) if something is in the way of a file or directory; Error of the file system
 */
export async function planExtension(
  nodes: readonly SpecNode[],
  request: ExtensionRequest,
): Promise<ExtensionPlan> {
  const present: SpecNode[] = [];
  for (const node of nodes) {
    const other = await hashInView(node.name, request.view);
    if (other === node.hash) present.push(node);
    else if (other !== undefined) throw otherPackage(node, other, request);
  }
  const added = nodes.filter((node) => !present.includes(node));
  const planner = new Planner(request);
  for (const node of added) {
    const prefix = request.prefixOf(node);
    await planner.merge({ source: prefix, place: "", owner: node });
    await planner.merge({
      source: joinPath(prefix, METADATA),
      place: `${METADATA}/${node.name}`,
      owner: undefined,
    });
  }
  return { additions: planner.additions, added, present };
}

/** A tree to merge. */
interface Merged {
  readonly source: string;
  /** Relative to the view. */
  readonly place: string;
  readonly owner: SpecNode | undefined;
}

class Planner {
  readonly additions: Addition[] = [];
  readonly #request: ExtensionRequest;
  readonly #tree: GrowingTree;
  /** Where planned files come from, for messages. */
  readonly #sources = new Map<string, string>();

  constructor(request: ExtensionRequest) {
    this.#request = request;
    this.#tree = new GrowingTree(request.view);
  }

  async merge({ source, place, owner }: Merged): Promise<void> {
    const conflicts: MergeConflict[] = [];
    await this.#requireParents(place);
    for (const entry of await listTree(source, owner === undefined ? undefined : METADATA)) {
      const path = entry.path === "" ? place : joinPath(place, entry.path);
      const from = entry.path === "" ? source : joinPath(source, entry.path);
      const existing = await this.#tree.kindOf(path);
      if (entry.isDirectory) {
        if (existing === "file") conflicts.push(this.#conflict(path, from));
        else await this.#directory(path, existing !== undefined);
      } else if (existing === undefined) {
        this.#tree.add(path, "file");
        this.#sources.set(path, from);
        this.additions.push({ kind: "file", destination: this.#inView(path), source: from, owner });
      } else if (existing === "directory" || !this.#request.ignoresConflicts || owner === undefined) {
        conflicts.push(this.#conflict(path, from));
      }
    }
    if (conflicts.length > 0) throw mergeConflictError(this.#request.view, conflicts, HINT);
  }

  async #requireParents(place: string): Promise<void> {
    const parent = parentOf(place);
    if (parent !== "" && (await this.#tree.kindOf(parent)) === undefined)
      await this.#directory(parent, false);
  }

  async #directory(path: string, exists: boolean): Promise<void> {
    if (!exists) {
      this.#tree.add(path, "directory");
      this.additions.push({ kind: "directory", destination: this.#inView(path) });
    } else if (await this.#tree.isEmpty(path)) {
      const marker = path === "" ? EMPTY_MARKER : joinPath(path, EMPTY_MARKER);
      this.#tree.add(marker, "file");
      this.additions.push({ kind: "marker", destination: this.#inView(marker) });
    }
  }

  #conflict(path: string, second: string): MergeConflict {
    return { path, first: this.#sources.get(path) ?? this.#inView(path), second };
  }

  #inView(path: string): string {
    return path === "" ? this.#request.view : joinPath(this.#request.view, path);
  }
}

const HINT = "Exclude one of the packages, or choose another directory.";

/** The DAG hash of the package with this name in a view; undefined if the view has none. */
async function hashInView(name: string, view: string): Promise<string | undefined> {
  const path = joinPath(view, `${METADATA}/${name}/spec.json`);
  try {
    return parseSpecDocument(await readFile(path, "utf8"), path).root.hash;
  } catch (error) {
    unlessMissing(error);
    return undefined;
  }
}

function otherPackage(node: SpecNode, other: string, { graph, view }: ExtensionRequest): SpackOciError {
  return new SpackOciError(
    "ERR_VIEW_SPECS_CLASH",
    `Cannot add ${formatSpec(graph, node, DIFFERENCES)} to ${view}: the view has ${node.name}/${other.slice(0, 7)}.`,
    { kind: "conflict", place: view, hint: "Choose another directory, or the package that the view has." },
  );
}
