// node scripts/spack-recipe.mjs TARBALL DIRECTORY [--url URL]: writes the Spack recipe for a packed spack-oci, with its
// version and checksum, as the repository DIRECTORY/spack_repo/spack_oci, which `spack repo add` takes.

import { createHash } from "node:crypto";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "./workspace.mjs";

const MARK = "    # scripts/spack-recipe.mjs adds the versions here.\n";

const { positionals, values } = parseArgs({ allowPositionals: true, options: { url: { type: "string" } } });
const [tarball, directory] = positionals;
const [, version] = /^spack-oci-(\d+\.\d+\.\d+.*)\.tgz$/.exec(basename(tarball ?? "")) ?? [];
if (version === undefined || directory === undefined) {
  console.error("usage: node scripts/spack-recipe.mjs spack-oci-VERSION.tgz DIRECTORY [--url URL]");
  process.exit(2);
}
const sha256 = createHash("sha256").update(readFileSync(tarball)).digest("hex");
const fields = [
  `"${version}"`,
  `sha256="${sha256}"`,
  ...(values.url === undefined ? [] : [`url="${values.url}"`]),
];

// Spack wants repositories below a directory of this name.
const repository = join(directory, "spack_repo", "spack_oci");
cpSync(join(root, "packaging", "spack_repo", "spack_oci"), repository, { recursive: true });
const recipe = join(repository, "packages", "spack_oci", "package.py");
const text = readFileSync(recipe, "utf8");
if (!text.includes(MARK)) throw new Error(`${recipe} does not say where versions go.`);
const lines = fields.map((field) => `        ${field},\n`).join("");
writeFileSync(recipe, text.replace(MARK, `    version(\n${lines}    )\n`));
