// Lists of specs in a manifest: strings, matrices, and `$name` for a list of `definitions:`.

import { SpackOciError } from "@spack-oci/errors";
import { formatPlace } from "../yaml/blame.js";
import { asString, type ConfigValue, child, type Mark } from "../yaml/value.js";

/** A spec as a list of constraints, or a matrix of them. */
export type ListedSpec = { readonly constraints: readonly string[] } | SpecMatrix;

/** All combinations of one entry from each row, except those that match an excluded spec. */
export interface SpecMatrix {
  readonly rows: readonly (readonly ListedSpec[])[];
  readonly exclude: readonly string[];
  /** `^` or `%` before each combination. */
  readonly sigil: string;
}

/** Lists by name; a list follows those it refers to. */
export type Definitions = ReadonlyMap<string, readonly ListedSpec[]>;

/**
 * The lists of a `definitions:` section. Entries with the same name are concatenated.
 *
 * Source: `lib/spack/spack/environment/list.py`, `SpecListParser.parse_definitions`.
 *
 * @param holds whether a `when:` condition is true
 * @throws SpackOciError `ERR_SPEC_LIST` for an entry without a single name, or an unknown reference.
 */
export function readDefinitions(section: ConfigValue, holds: (condition: string) => boolean): Definitions {
  const items = new Map<string, ConfigValue[]>();
  for (const definition of section.kind === "list" ? section.items : []) {
    const { name, list } = readDefinition(definition);
    const condition = asString(child(definition, "when"));
    const isWanted = condition === undefined || holds(condition);
    items.set(name, [...(items.get(name) ?? []), ...(isWanted && list.kind === "list" ? list.items : [])]);
  }
  const definitions = new Map<string, readonly ListedSpec[]>();
  for (const [name, values] of items) definitions.set(name, readSpecList(values, definitions));
  return definitions;
}

/**
 * The entries of a list, with references resolved.
 *
 * Source: as above, `_expand_yaml_list`.
 *
 * @throws SpackOciError `ERR_SPEC_LIST` for an unknown reference or a matrix without rows.
 */
export function readSpecList(items: readonly ConfigValue[], definitions: Definitions): ListedSpec[] {
  return items.flatMap((item) => {
    const text = asString(item);
    if (text?.startsWith("$")) return resolveReference(text, item.mark, definitions);
    return item.kind === "map" ? [readMatrix(item, definitions)] : [{ constraints: [text ?? ""] }];
  });
}

function readDefinition(definition: ConfigValue): { name: string; list: ConfigValue } {
  const names =
    definition.kind === "map" ? [...definition.entries.keys()].filter((name) => name !== "when") : [];
  const [name] = names;
  const list = name === undefined ? undefined : child(definition, name);
  if (names.length === 1 && name !== undefined && list !== undefined) return { name, list };
  throw badList(`a definition must have a single name, not ${names.join(", ") || "none"}.`, definition.mark);
}

function resolveReference(text: string, mark: Mark | undefined, definitions: Definitions): ListedSpec[] {
  const [, sigil = "", name = ""] = /^\$([\^%]?)(.*)$/s.exec(text) ?? [];
  const list = definitions.get(name);
  if (list === undefined) throw badList(`definition '${name}' is not known at this point.`, mark);
  return list.map((entry) => withSigil(entry, sigil));
}

function withSigil(entry: ListedSpec, sigil: string): ListedSpec {
  if (sigil === "") return entry;
  if ("rows" in entry) return { ...entry, sigil };
  return { constraints: entry.constraints.map((text, index) => (index === 0 ? sigil + text : text)) };
}

function readMatrix(value: ConfigValue, definitions: Definitions): SpecMatrix {
  const matrix = child(value, "matrix");
  if (matrix?.kind !== "list" || matrix.items.length === 0)
    throw badList("a matrix must have rows.", value.mark);
  const exclude = child(value, "exclude");
  return {
    rows: matrix.items.map((row) => readSpecList(row.kind === "list" ? row.items : [], definitions)),
    exclude: exclude?.kind === "list" ? exclude.items.map((item) => asString(item) ?? "") : [],
    sigil: "",
  };
}

function badList(reason: string, mark: Mark | undefined): SpackOciError {
  const place = formatPlace(mark);
  return new SpackOciError("ERR_SPEC_LIST", `${place}: ${reason}`, {
    kind: "usage",
    place,
    hint: "Fix `specs:` or `definitions:` in spack.yaml.",
  });
}
