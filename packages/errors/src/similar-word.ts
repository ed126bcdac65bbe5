// Finds the word that was meant by a misspelled one.

import { distance } from "fastest-levenshtein";

/**
 * The known word that is at most a third of its length away from `word`; undefined if there is none.
 *
 * @example
 * ```ts
 * import { similarWord } from "@spack-oci/errors";
 *
 * console.log(similarWord("hdf", ["hdf5", "zlib"])); // hdf5
 * ```
 */
export function similarWord(word: string, known: Iterable<string>): string | undefined {
  const [best] = [...known]
    .map((candidate) => ({ candidate, edits: distance(word.toLowerCase(), candidate) }))
    .filter(({ candidate, edits }) => edits > 0 && edits <= Math.max(1, candidate.length / 3))
    .sort((one, other) => one.edits - other.edits);
  return best?.candidate;
}

/**
 * `Did you mean zlib? `, with a space for what follows; empty if no known word is similar.
 *
 * @example
 * ```ts
 * import { suggestion } from "@spack-oci/errors";
 *
 * const hint = `${suggestion("hdf", ["hdf5", "zlib"])}"spack-oci list" shows all.`;
 * console.log(hint); // Did you mean hdf5? "spack-oci list" shows all.
 * ```
 */
export function suggestion(word: string, known: Iterable<string>): string {
  const meant = similarWord(word, known);
  return meant === undefined ? "" : `Did you mean ${meant}? `;
}
