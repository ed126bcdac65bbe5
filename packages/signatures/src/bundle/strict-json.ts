// JSON in signatures is read strictly: what a verifier skips, another one may act on.

import { SignatureRejection } from "../errors.js";

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A JSON object in UTF-8.
 *
 * @throws SignatureRejection if it is anything else.
 */
export function parseStrictJson(bytes: Buffer, what: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw new SignatureRejection(`${what} is not JSON`);
  }
  if (!isRecord(value)) throw new SignatureRejection(`${what} is not a JSON object`);
  return value;
}

/** @throws SignatureRejection if an object has a field that is not listed. */
export function requireKnown(object: object, known: readonly string[], what: string): void {
  const extra = Object.keys(object).find((key) => !known.includes(key));
  if (extra !== undefined) {
    throw new SignatureRejection(`${what} has the unknown field ${JSON.stringify(extra.slice(0, 80))}`);
  }
}
