// Reads the spec stored in a prefix, which is more detailed than the one in the database.

import { join } from "node:path";
import { SpackOciError } from "@spack-oci/errors";
import { readFile } from "@spack-oci/files";
import { parseSpecDocument, type SpecDocument } from "@spack-oci/spack-spec";

/**
 * The spec of an installed package from its `.spack/spec.json`. Unlike the database, it records which dependencies were
 * requested with `%`, which the hash covers.
 *
 * @throws SpackOciError `ERR_SPEC_FILE` if the file cannot be read, `ERR_SPEC_MISMATCH` if it contains another spec,
 *   and the errors of `parseSpecDocument`
 */
export async function readInstalledSpec(prefix: string, hash: string): Promise<SpecDocument> {
  const path = join(prefix, ".spack", "spec.json");
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new SpackOciError("ERR_SPEC_FILE", `Could not read ${path}.`, {
      kind: "not-found",
      place: path,
      hint: "The package is in the database, but its prefix is missing or damaged; try `spack reindex`.",
      cause,
    });
  }
  const document = parseSpecDocument(text, path);
  if (document.root.hash === hash) return document;
  throw new SpackOciError(
    "ERR_SPEC_MISMATCH",
    `${path} is the spec of /${document.root.hash}, not /${hash}.`,
    {
      kind: "conflict",
      place: path,
      hint: "Another package is installed there; run `spack reindex` to update the database.",
    },
  );
}
