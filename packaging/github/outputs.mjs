// Appends to the files through which a step hands values to GitHub Actions.

import { randomUUID } from "node:crypto";
import { appendFileSync } from "node:fs";

/**
 * Writes `NAME=VALUE` in the form that allows any value.
 *
 * @param {string} file of `GITHUB_OUTPUT` or `GITHUB_ENV`
 * @param {Readonly<Record<string, string | number>>} values
 */
export function appendValues(file, values) {
  const end = `end-${randomUUID()}`;
  for (const [name, value] of Object.entries(values))
    appendFileSync(file, `${name}<<${end}\n${value}\n${end}\n`);
}
