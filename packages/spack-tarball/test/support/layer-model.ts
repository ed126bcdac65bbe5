// A slow, obviously correct model of stacked layers: a tree that each layer changes in turn.

/** A member of a layer. A link's target is a path of the same layer; a whiteout's name is the path that it removes. */
export interface ModelMember {
  readonly type: "directory" | "file" | "symlink" | "hardlink" | "whiteout" | "opaque";
  readonly name: string;
  readonly mode?: number;
  readonly content?: string;
}

interface ModelNode {
  type: "directory" | "file" | "symlink";
  mode: number;
  content: string;
}

/** Thrown if an unlisted directory has the path of something else. */
export class ModelConflict extends Error {}

/** The entry at each path after all layers, the lowest first. Names of the same file share `names`. */
export function modelTree(layers: readonly (readonly ModelMember[])[]): Record<string, object> {
  const tree = new Map<string, ModelNode>();
  for (const layer of layers) {
    for (const { type, name } of layer) {
      if (type === "whiteout") remove(tree, name);
      if (type === "opaque") removeBelow(tree, name);
    }
    // A layer is a set of changes, so their order does not matter for the layers below.
    const directories = layer.filter(({ type }) => type === "directory");
    for (const member of directories.sort((a, b) => a.name.length - b.name.length)) add(tree, member);
    for (const member of layer) if (member.type !== "directory") add(tree, member);
  }
  const described = [...tree].map(([name, node]) => {
    const names = [...tree].filter(([, other]) => other === node).map(([other]) => other);
    return [name, { type: node.type, mode: node.mode, content: node.content, names: names.sort() }] as const;
  });
  return Object.fromEntries(described.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function add(tree: Map<string, ModelNode>, { type, name, mode, content = "" }: ModelMember): void {
  const components = (type === "opaque" ? `${name}/` : name).split("/");
  for (let length = 1; length < components.length; length += 1) {
    const parent = components.slice(0, length).join("/");
    const there = tree.get(parent);
    if (there === undefined) tree.set(parent, { type: "directory", mode: 0o755, content: "" });
    else if (there.type !== "directory") throw new ModelConflict(parent);
  }
  if (type === "whiteout" || type === "opaque") return;
  if (type === "hardlink") {
    const target = tree.get(content) as ModelNode;
    remove(tree, name);
    tree.set(name, target);
  } else if (type === "directory" && tree.get(name)?.type === "directory") {
    (tree.get(name) as ModelNode).mode = mode ?? 0o755;
  } else {
    remove(tree, name);
    tree.set(name, { type, mode: mode ?? 0o644, content });
  }
}

function remove(tree: Map<string, ModelNode>, name: string): void {
  tree.delete(name);
  removeBelow(tree, name);
}

function removeBelow(tree: Map<string, ModelNode>, name: string): void {
  for (const path of [...tree.keys()]) if (path.startsWith(`${name}/`)) tree.delete(path);
}
