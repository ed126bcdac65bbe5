// Reads the spec that an install tree keeps beside each package: the database's copy of it has lost a detail.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { SpackOciError } from "@spack-oci/errors";
import { parseSpecDocument, type SpecDocument } from "@spack-oci/spack-spec";

/**
 * The spec of an installed package from its `.spack/spec.json`. Unlike the database, it knows which dependencies were asked
 * for with `%`, and the hash covers that.
 *
 * @throws SpackOciError `ERR_SPEC_FILE` if the file cannot be read, `ERR_SPEC_MISMATCH` if it is of another spec, and
 *   those of `parseSpecDocument`
 */
export async function readInstalledSpec(prefix: string, hash: string): Promise<SpecDocument> {
  const path = join(prefix, ".spack", "spec.json");
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new SpackOciError("ERR_SPEC_FILE", `${path} cannot be read`, {
      kind: "not-found",
      place: path,
      hint: "The database has this package, but its prefix is gone or damaged; `spack reindex` may help.",
      cause,
    });
  }
  const document = parseSpecDocument(text, path);
  if (document.root.hash === hash) return document;
  throw new SpackOciError("ERR_SPEC_MISMATCH", `${path} is of /${document.root.hash}, not /${hash}`, {
    kind: "conflict",
    place: path,
    hint: "Another package took the place that the database knows; `spack reindex` sets it right.",
  });
}
