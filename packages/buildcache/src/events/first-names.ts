// Lists names in a message without letting it grow.

/** `zlib, cmake and 3 more`: the first `limit` names, and how many there are besides. */
export function firstNames(names: readonly string[], limit: number): string {
  const shown = names.slice(0, limit).join(", ");
  return names.length > limit ? `${shown} and ${names.length - limit} more` : shown;
}
