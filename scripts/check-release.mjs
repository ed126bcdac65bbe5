// node scripts/check-release.mjs [TAG REPOSITORY]: checks that the tag is the version of all packages, that every
// file names the repository of packages/cli/package.json, and that this is the repository that releases.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { manifestOf, repositoryAddress, root } from "./workspace.mjs";

/** Files that a reader takes without the rest, and that hence name the repository themselves. */
const NAMED_IN = [
  "README.md",
  "packaging/install.sh",
  "packaging/spack_repo/spack_oci/packages/spack_oci/package.py",
];

const problems = [];
const [, , tag, repository] = process.argv;
const page = repositoryAddress();
for (const file of NAMED_IN) {
  const named =
    readFileSync(join(root, file), "utf8").match(/https:\/\/github\.com\/[\w.-]+\/[\w.-]+/g) ?? [];
  if (named.length === 0) problems.push(`${file} does not name the repository, ${page}.`);
  for (const other of new Set(named.filter((each) => each !== page)))
    problems.push(`${file} names ${other}, but packages/cli/package.json names ${page}.`);
}
if (repository !== undefined && page !== `https://github.com/${repository}`)
  problems.push(`This is ${repository}, but packages/cli/package.json names ${page}.`);
for (const name of readdirSync(join(root, "packages"))) {
  const { version } = manifestOf(join(root, "packages", name));
  if (tag !== undefined && tag !== `v${version}`)
    problems.push(`packages/${name} has version ${version}, not ${tag}.`);
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
