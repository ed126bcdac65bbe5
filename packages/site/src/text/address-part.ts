// Text as a part of an address.

/** Percent-encoded. Halves of surrogate pairs, which cannot be encoded, become U+FFFD. */
export function addressPart(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
