// Reads spec files, which can be used instead of specs.

import { existsSync, readFileSync } from "node:fs";
import { normalize } from "node:path";
import { SpackOciError } from "@spack-oci/errors";
import {
  isJsonArray,
  isJsonObject,
  type Json,
  parseSpecDocument,
  readSpecDocument,
  type Spec,
  specOfNode,
} from "@spack-oci/spack-spec";
import { parse } from "yaml";

/**
 * The spec in a `.json` or `.yaml` file (`spack/spec_parser.py: FileParser`).
 *
 * @throws SpackOciError `ERR_SPEC_FILE` if there is no such file, and the errors of `parseSpecDocument`
 *
 * @example
 * ```ts
 * import { copyFileSync } from "node:fs";
 * import { readSpecFile } from "@spack-oci/spack-config";
 * import { parseSpec } from "@spack-oci/spack-spec";
 *
 * copyFileSync("margo.json", "margo.spec.json");
 * console.log(parseSpec("./margo.spec.json", { readSpecFile }).name); // margo-lite
 * ```
 */
export function readSpecFile(path: string): Spec {
  if (!existsSync(path)) {
    throw new SpackOciError("ERR_SPEC_FILE", `No such spec file: '${normalize(path)}'`, {
      kind: "not-found",
      place: path,
      hint: "Specs that end in .json or .yaml are file names; check the path.",
    });
  }
  const text = readFileSync(path, "utf8");
  const document = path.endsWith(".json")
    ? parseSpecDocument(text, path)
    : readSpecDocument(asJson(parse(text, { mapAsMap: true, intAsBigInt: true })));
  return specOfNode(document.graph, document.root);
}

function asJson(value: unknown): Json {
  const json = value as Json;
  if (isJsonArray(json)) return json.map(asJson);
  if (isJsonObject(json)) return new Map([...json].map(([key, item]) => [String(key), asJson(item)]));
  return json ?? null;
}
