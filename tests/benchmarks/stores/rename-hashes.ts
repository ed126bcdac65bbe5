// Replaces hashes in a prefix and in all of its files.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { base32Encode } from "@spack-oci/spack-spec";

/** Replaces hashes in a text. */
export type Rename = (text: string) => string;

/** A node as Spack writes it, whose hash is that of the text of its other members. */
export interface HashedNode {
  readonly hash: string;
  readonly package_hash: string;
  readonly dependencies?: readonly { readonly hash: string }[];
}

/**
 * Gives each node another recipe, and thus another hash that is true. A node's hash depends on those of its
 * dependencies, so these come first.
 */
export function rehash(nodes: readonly HashedNode[], seed: string): Rename {
  const renamed = new Map<string, string>();
  const byHash = new Map(nodes.map((node) => [node.hash, node]));
  const visit = (node: HashedNode | undefined) => {
    if (node === undefined || renamed.has(node.hash)) return;
    for (const { hash } of node.dependencies ?? []) visit(byHash.get(hash));
    renamed.set(node.package_hash, otherHash(node.package_hash, seed));
    const { hash, ...hashed } = node;
    const text = renameBy(renamed)(JSON.stringify(hashed));
    renamed.set(hash, base32Encode(createHash("sha1").update(text).digest()));
  };
  for (const node of nodes) visit(node);
  return renameBy(renamed);
}

function renameBy(renamed: ReadonlyMap<string, string>): Rename {
  const pattern = new RegExp([...renamed.keys()].join("|"), "g");
  return (text) => text.replaceAll(pattern, (hash) => renamed.get(hash) ?? hash);
}

function otherHash(hash: string, seed: string): string {
  const bytes = createHash("sha512").update(`${hash} ${seed}`).digest();
  return base32Encode(bytes).slice(0, hash.length);
}

/** Copies a prefix to its new name next to it. */
export function copyPrefix(prefix: string, rename: Rename): void {
  const copied = join(dirname(prefix), rename(basename(prefix)));
  execFileSync("cp", ["-a", prefix, copied]);
  renameWithin(Buffer.from(copied), rename);
}

/** File names are bytes, not necessarily text. */
function renameWithin(path: Buffer, rename: Rename): void {
  const stat = lstatSync(path);
  const renamed = (bytes: Buffer) => Buffer.from(rename(bytes.toString("latin1")), "latin1");
  if (stat.isSymbolicLink()) {
    const target = readlinkSync(path, { encoding: "buffer" });
    unlinkSync(path);
    symlinkSync(renamed(target), path);
  } else if (stat.isDirectory()) {
    for (const name of readdirSync(path, { encoding: "buffer" })) {
      renameWithin(Buffer.concat([path, Buffer.from("/"), name]), rename);
    }
  } else {
    const before = readFileSync(path);
    const after = renamed(before);
    if (!after.equals(before)) writeFileSync(path, after);
  }
}
