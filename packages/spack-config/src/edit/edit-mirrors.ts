// Adds, removes and changes mirrors in the files of Spack's configuration.

import { SpackOciError } from "@spack-oci/errors";
import type { YAMLMap } from "yaml";
import type { Configuration } from "../configuration.js";
import type { MirrorDirection } from "../derived/mirror-connection.js";
import type { ConfigScope } from "../scopes/scope.js";
import type { ValidationContext } from "../sections/match-schema.js";
import { child, toPlain } from "../yaml/value.js";
import { editSection } from "./edit-section.js";
import { changedMirror, type MirrorData, newMirror } from "./mirror-data.js";
import { addFirst, changeKey, deleteKey } from "./nodes.js";

/** A configuration whose files can be changed. */
export interface EditableConfiguration {
  readonly configuration: Configuration;
  readonly validation: ValidationContext;
}

/** What was written. */
export interface MirrorEdit {
  readonly scope: string;
  readonly file: string;
}

/** A mirror in one scope. */
export interface MirrorPlace {
  readonly name: string;
  /** The name of a scope; by default the one that Spack would change. */
  readonly scope?: string | undefined;
}

/** Files of this scope belong to one user, so others need not read which variables hold secrets. */
const USER_SCOPE = "user";

/**
 * Adds a mirror before all others of its scope.
 *
 * Source: `lib/spack/spack/mirrors/utils.py`, `add`.
 *
 * @throws SpackOciError `ERR_MIRROR_EXISTS`, `ERR_CONFIG_SCOPE`, `ERR_MIRROR_ACCESS`, and those of {@link editSection}
 */
export function addMirror(
  source: EditableConfiguration,
  { name, scope: named }: MirrorPlace,
  data: MirrorData & { readonly url: string },
): MirrorEdit {
  const scope = source.configuration.scope(named);
  if (mirrorIn(scope, name) !== undefined) {
    const message = `Scope ${scope.name} already has a mirror named ${name}.`;
    throw new SpackOciError("ERR_MIRROR_EXISTS", message, {
      kind: "usage",
      place: fileOf(scope),
      hint: `Choose another name, or change it with "spack-oci mirror set ${name}".`,
    });
  }
  const added = newMirror(data);
  return edit(source, scope, (mirrors) => addFirst(mirrors, name, added));
}

/**
 * Removes a mirror from a scope, by default from the strongest that has it.
 *
 * Source: `lib/spack/spack/cmd/mirror.py`, `mirror_remove`.
 *
 * @throws SpackOciError `ERR_MIRROR_UNKNOWN`, `ERR_CONFIG_SCOPE`, and those of {@link editSection}
 */
export function removeMirror(
  source: EditableConfiguration,
  { name, scope: named }: MirrorPlace,
  { allScopes = false }: { readonly allScopes?: boolean } = {},
): MirrorEdit[] {
  const { configuration } = source;
  const scopes = named === undefined ? configuration.scopes.toReversed() : [configuration.scope(named)];
  const having = scopes.filter((scope) => isWritable(scope) && mirrorIn(scope, name) !== undefined);
  if (having.length === 0) throw unknownMirror(configuration, name, named);
  const chosen = allScopes ? having : having.slice(0, 1);
  return chosen.map((scope) => edit(source, scope, (mirrors) => deleteKey(mirrors, name)));
}

/**
 * Changes a mirror.
 *
 * Source: `lib/spack/spack/cmd/mirror.py`, `_configure_mirror`.
 *
 * @returns undefined if the mirror is like that already
 * @throws SpackOciError `ERR_MIRROR_UNKNOWN`, `ERR_CONFIG_SCOPE`, `ERR_MIRROR_ACCESS`, and those of {@link editSection}
 */
export function setMirror(
  source: EditableConfiguration,
  place: MirrorPlace & { readonly direction?: MirrorDirection | undefined },
  changes: MirrorData,
): MirrorEdit | undefined {
  const { name, direction } = place;
  const scope = source.configuration.scope(place.scope);
  const known = mirrorIn(scope, name);
  if (known === undefined) throw unknownMirror(source.configuration, name, scope.name);
  const wanted = changedMirror(known, changes, direction);
  if (JSON.stringify(wanted) === JSON.stringify(known)) return undefined;
  return edit(source, scope, (mirrors) => changeKey(mirrors, name, wanted));
}

function isWritable({ path }: ConfigScope): boolean {
  return path !== undefined;
}

function fileOf(scope: ConfigScope): string | undefined {
  return scope.placeOf("mirrors")?.file;
}

function mirrorIn(scope: ConfigScope, name: string): MirrorData | string | undefined {
  const value = child(scope.section("mirrors")?.value, name);
  return value && (plainObject(toPlain(value)) as MirrorData | string);
}

function plainObject(value: unknown): unknown {
  if (!(value instanceof Map)) return value;
  return Object.fromEntries([...value].map(([key, member]) => [key, plainObject(member)]));
}

function edit(
  { validation }: EditableConfiguration,
  scope: ConfigScope,
  change: (mirrors: YAMLMap) => void,
): MirrorEdit {
  const place = scope.placeOf("mirrors");
  if (place === undefined) throw new TypeError(`scope ${scope.name} has no file`);
  const namesSecret = (mirrors: YAMLMap) => /"\w+_variable":/.test(JSON.stringify(mirrors));
  editSection(place, change, {
    validation,
    isPrivate: (mirrors) => scope.name === USER_SCOPE && namesSecret(mirrors),
  });
  return { scope: scope.name, file: place.file };
}

function unknownMirror(configuration: Configuration, name: string, scope: string | undefined): SpackOciError {
  const elsewhere = configuration.scopes.filter((each) => mirrorIn(each, name) !== undefined);
  const where = scope === undefined ? "No scope" : `Scope ${scope}`;
  const names = [...new Set(configuration.scopes.flatMap(mirrorNames))];
  const hint =
    elsewhere.length > 0
      ? `It is in scope ${elsewhere.map((each) => each.name).join(" and ")}: add --scope.`
      : `The configuration has ${names.join(", ") || "no mirrors"}.`;
  return new SpackOciError(
    "ERR_MIRROR_UNKNOWN",
    `${where} ${scope === undefined ? "has" : "does not have"} a mirror named ${name}.`,
    { kind: "usage", place: name, hint },
  );
}

function mirrorNames(scope: ConfigScope): string[] {
  const mirrors = scope.section("mirrors")?.value;
  return mirrors?.kind === "map" ? [...mirrors.entries.keys()] : [];
}
