// Reads Spack's YAML: a string that ends in `:` loses it, and as a key overrides.

import { type Document, LineCounter, parseAllDocuments, type YAMLParseError } from "yaml";
import { badYaml } from "./bad-yaml.js";
import { convert } from "./convert.js";
import { strictText } from "./strict-text.js";
import type { ConfigValue } from "./value.js";

/** Characters that YAML does not allow. Source: `lib/spack/spack/vendor/ruamel/yaml/reader.py`. */
const UNPRINTABLE = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/**
 * The data in `content`, the text of the file `file`; undefined for an empty file.
 *
 * Source: `lib/spack/spack/util/spack_yaml.py`, `OrderedLineConstructor` and `load_config`.
 *
 * @throws SpackOciError `ERR_CONFIG_FILE` if the text is not YAML, has several documents or duplicate keys.
 */
export function loadYaml(content: string, file: string): ConfigValue | undefined {
  const forbidden = UNPRINTABLE.exec(content);
  if (forbidden !== null)
    throw badYaml({ file, line: undefined }, `the character ${JSON.stringify(forbidden[0])} is not allowed`);
  const strict = parse(content);
  const lenient = strict.errors.length > 0 ? parse(strictText(content)) : strict;
  const { documents, lines, text } = lenient.errors.length > 0 ? strict : lenient;
  const [error] = documents.flatMap(({ errors }) => errors);
  if (error !== undefined) {
    const { line } = lines.linePos(error.pos[0]);
    const [reason = error.code] = error.message.split("\n");
    throw badYaml({ file, line }, reason.replace(/:$/, ""), error);
  }
  if (documents.length > 1) throw badYaml({ file, line: undefined }, "expected a single document");
  const [document] = documents;
  if (document === undefined) return undefined;
  const value = convert(document.contents, { file, content: text, document, lines, anchored: new Map() });
  return value.kind === "scalar" && value.type === "null" ? undefined : value;
}

interface Parsed {
  readonly text: string;
  readonly documents: readonly Document.Parsed[];
  readonly errors: readonly YAMLParseError[];
  readonly lines: LineCounter;
}

function parse(text: string): Parsed {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, {
    schema: "failsafe",
    uniqueKeys: false,
    lineCounter: lines,
    logLevel: "silent",
  });
  const documents = Array.isArray(parsed) ? parsed : [];
  return { text, documents, errors: documents.flatMap(({ errors }) => errors), lines };
}
