// Validates a configuration value; the error has the file and line of the first failure.

import { SpackOciError } from "@spack-oci/errors";
import { formatPlace } from "../yaml/blame.js";
import type { ConfigValue, Mark } from "../yaml/value.js";
import { firstFailure, type SchemaFailure, type ValidationContext } from "./match-schema.js";
import type { Schema } from "./schema.js";

/**
 * Checks `value` against `schema`.
 *
 * Source: `lib/spack/spack/config.py`, `validate` and `ConfigFormatError`.
 *
 * @throws SpackOciError `ERR_CONFIG_FORMAT` with the place (`file:line`) of the first failure.
 */
export function validate(value: ConfigValue, schema: Schema, context: ValidationContext): void {
  const failure = firstFailure(value, schema, context);
  if (failure === undefined) return;
  const mark = placeOf(failure, value);
  const place = mark === undefined ? "<unknown file>" : formatPlace(mark);
  const message = `${place}: ${failure.message}${failure.message.endsWith("?") ? "" : "."}`;
  throw new SpackOciError("ERR_CONFIG_FORMAT", message, {
    kind: "usage",
    place,
    hint: failure.advice ?? "Fix the value; `spack config edit` opens the file of a section.",
  });
}

/** Strings, mappings and lists have their own place; other values have that of their key, as in Spack. */
function placeOf({ value, path }: SchemaFailure, root: ConfigValue): Mark | undefined {
  if (value.kind !== "scalar" || value.type === "string") {
    const inside = value.kind === "map" ? [...value.entries.values()][0]?.key.mark : undefined;
    return value.mark ?? inside;
  }
  return keyMark(root, path) ?? value.mark;
}

function keyMark(root: ConfigValue, path: SchemaFailure["path"]): Mark | undefined {
  let value: ConfigValue | undefined = root;
  let mark: Mark | undefined;
  for (const step of path) {
    if (value?.kind === "map") {
      const entry = value.entries.get(String(step));
      mark = entry?.key.mark;
      value = entry?.value;
    } else {
      mark = undefined;
      value = value?.kind === "list" ? value.items[Number(step)] : undefined;
    }
  }
  return mark;
}
