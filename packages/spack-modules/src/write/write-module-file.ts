// Writes the module file of one package, with what belongs to it: its default link and its entry among hidden modules.

import { chmod, chown, mkdir, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isMissing } from "@spack-oci/errors";
import type { SpecNode } from "@spack-oci/spack-spec";
import { moduleContent } from "../contents/module-content.js";
import { renderLua } from "../contents/render-lua.js";
import { renderTcl } from "../contents/render-tcl.js";
import type { ModuleTree } from "../layout/module-tree.js";
import { linkDefault } from "./link-default.js";
import { updateHidden } from "./update-hidden.js";

/** How writing a module file ended. */
export type ModuleFileOutcome =
  /** The configuration excludes the package. */
  | { readonly outcome: "excluded" }
  /** A file of this name exists and was left alone; it may belong to another package. */
  | { readonly outcome: "exists"; readonly path: string }
  | { readonly outcome: "written"; readonly path: string };

/** Mode and group of a package's files. */
export interface ModulePermissions {
  /** Permission bits of executable files; module files lack the execute bits. */
  readonly fileMode: number;
  readonly group?: number;
}

/**
 * Never overwrites a file (Spack: modules/common.py, `BaseModuleFileWriter.write`). A file is complete from the moment
 * it exists.
 *
 * @throws SpackOciError if the configuration is invalid; Error of the file system
 */
export async function writeModuleFile(
  tree: ModuleTree,
  node: SpecNode,
  { fileMode, group }: ModulePermissions,
): Promise<ModuleFileOutcome> {
  if (tree.isExcluded(node)) return { outcome: "excluded" };
  const path = tree.fileName(node);
  if (await exists(path)) return { outcome: "exists", path };
  const content = await moduleContent(tree, node, new Date());
  await mkdir(dirname(path), { recursive: true });
  const unfinished = join(dirname(path), `.spack-oci-${node.hash}`);
  await writeFile(unfinished, tree.system === "tcl" ? renderTcl(content) : renderLua(content));
  if (group !== undefined) await chown(unfinished, -1, group);
  await chmod(unfinished, fileMode & ~0o111);
  await rename(unfinished, path);
  if (tree.isDefault(node)) await linkDefault(path);
  await updateHidden(tree.system, path, { name: tree.useName(node), hidden: tree.isHidden(node) });
  return { outcome: "written", path };
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
