// Changes one section in a configuration file and leaves everything else as it is, comments included.

import { chmodSync, mkdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { SpackOciError } from "@spack-oci/errors";
import { type Document, isMap, parseDocument, YAMLMap } from "yaml";
import type { SectionPlace } from "../scopes/scope.js";
import type { ValidationContext } from "../sections/match-schema.js";
import { validate } from "../sections/validate.js";
import { badYaml } from "../yaml/bad-yaml.js";
import { loadYaml } from "../yaml/load.js";
import { readConfigText } from "../yaml/read-file.js";

/** How to write the file. */
export interface EditOptions {
  readonly validation: ValidationContext;
  /** Whether only the owner may read the file afterwards. */
  readonly isPrivate: (section: YAMLMap) => boolean;
}

/** As Spack writes YAML: no folded lines, and single quotes. */
const STYLE = { lineWidth: 0, singleQuote: true, flowCollectionPadding: false } as const;

const OWNER_ONLY = 0o700;
const NEW_FILE_MODE = 0o666;

/**
 * Changes a section. The new content is checked before it replaces the file, which happens at once.
 *
 * @throws SpackOciError `ERR_CONFIG_FILE` if the file cannot be read, is not YAML or cannot be written,
 *   `ERR_CONFIG_FORMAT` if the new content would not match the schema
 */
export function editSection(
  place: SectionPlace,
  change: (section: YAMLMap) => void,
  { validation, isPrivate }: EditOptions,
): void {
  const { file, keys, schema } = place;
  const document = parse(readConfigText(file) ?? "", file);
  const section = sectionOf(document, keys);
  change(section);
  const text = withOverrides(document.toString(STYLE));
  const data = loadYaml(text, file);
  if (data !== undefined) validate(data, schema, validation);
  replaceFile(file, text, isPrivate(section));
}

function parse(text: string, file: string): Document {
  const document = parseDocument(text, { uniqueKeys: false });
  const [error] = document.errors;
  // Else the last comment would move away from what it is about.
  if (isMap(document.contents) && document.comment !== null) {
    const { contents } = document;
    contents.comment = [contents.comment, document.comment].filter(Boolean).join("\n");
    document.comment = null;
  }
  if (error !== undefined) {
    const line = error.linePos?.[0].line;
    throw badYaml({ file, line }, error.message.split("\n")[0]?.replace(/:$/, "") ?? error.code, error);
  }
  return document;
}

/** Writes keys that override, such as `mirrors::`, as Spack does; YAML's own way is to quote the first colon. */
function withOverrides(text: string): string {
  return text.replace(/^( *)(["'])([\w-]+):\2:/gm, "$1$3::");
}

/** The mapping at `keys`, created if it is missing. A key may end in `:`, which makes its section override others. */
function sectionOf(document: Document, keys: readonly string[]): YAMLMap {
  return keys.reduce<YAMLMap>((parent, key) => {
    const written = [key, `${key}:`].find((name) => parent.has(name)) ?? key;
    const known = parent.get(written);
    if (isMap(known)) return known;
    const created = new YAMLMap(document.schema);
    parent.set(written, created);
    return created;
  }, rootOf(document));
}

function rootOf(document: Document): YAMLMap {
  if (!isMap(document.contents)) document.contents = new YAMLMap(document.schema);
  return document.contents as YAMLMap;
}

/** Writes beside the file, or beside what a link points to, and renames. */
function replaceFile(named: string, text: string, isPrivate: boolean): void {
  try {
    mkdirSync(dirname(named), { recursive: true });
    const known = statSync(named, { throwIfNoEntry: false });
    const file = known === undefined ? named : realpathSync(named);
    const temporary = join(dirname(file), `.${basename(file)}.${process.pid}.tmp`);
    try {
      const mode = (known?.mode ?? NEW_FILE_MODE) & (isPrivate ? OWNER_ONLY : 0o777);
      writeFileSync(temporary, text, { mode });
      if (known !== undefined) chmodSync(temporary, mode);
      renameSync(temporary, file);
    } finally {
      rmSync(temporary, { force: true });
    }
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new SpackOciError("ERR_CONFIG_FILE", `Could not write ${named} (${code ?? String(cause)}).`, {
      kind: code === "EACCES" || code === "EROFS" || code === "EPERM" ? "denied" : "failed",
      place: named,
      hint: "Choose another scope with --scope, or make the file writable.",
      cause,
    });
  }
}
