// Finds the word that was meant by a misspelled one.

import { distance } from "fastest-levenshtein";

/** The known word that is at most a third of its length away from `word`; undefined if there is none. */
export function similarWord(word: string, known: Iterable<string>): string | undefined {
  const [best] = [...known]
    .map((candidate) => ({ candidate, edits: distance(word.toLowerCase(), candidate) }))
    .filter(({ candidate, edits }) => edits > 0 && edits <= Math.max(1, candidate.length / 3))
    .sort((one, other) => one.edits - other.edits);
  return best?.candidate;
}

/** `Did you mean zlib? `, with a space for what follows; empty if no known word is similar. */
export function suggestion(word: string, known: Iterable<string>): string {
  const meant = similarWord(word, known);
  return meant === undefined ? "" : `Did you mean ${meant}? `;
}
