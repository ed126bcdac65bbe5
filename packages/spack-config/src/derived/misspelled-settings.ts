// Misspelled keys of `config:`, which Spack silently accepts.

import { similarWord } from "@spack-oci/errors";
import type { Configuration } from "../configuration.js";
import type { Schema } from "../sections/schema.js";
import { sectionSchema } from "../sections/sections.js";
import { formatPlace } from "../yaml/blame.js";
import type { ConfigValue } from "../yaml/value.js";

/**
 * A warning for each unknown key that is similar to a known one. Throws the errors of {@link Configuration.section}.
 */
export function misspelledSettings(configuration: Configuration): string[] {
  const schema = sectionSchema("config")?.properties?.["config"];
  return schema === undefined ? [] : misspelledIn(configuration.section("config"), schema, "config");
}

function misspelledIn(value: ConfigValue, schema: Schema, path: string): string[] {
  const { properties, additionalProperties } = mappingOf(schema);
  // Any key is allowed below a mapping of names, such as aliases.
  if (value.kind !== "map" || properties === undefined || additionalProperties !== undefined) return [];
  return [...value.entries].flatMap(([name, { key, value: member }]) => {
    const known = properties[name];
    if (known !== undefined) return misspelledIn(member, known, `${path}:${name}`);
    const meant = similarWord(name, Object.keys(properties));
    const place = key.mark === undefined ? "" : `${formatPlace(key.mark)}: `;
    return meant === undefined
      ? []
      : [`${place}${path}:${name} is not a setting of Spack, and has no effect; did you mean ${meant}?`];
  });
}

/** The schema of the mapping, if there are alternatives such as a word. */
function mappingOf(schema: Schema): Schema {
  return schema.anyOf?.find(({ properties }) => properties !== undefined) ?? schema;
}
