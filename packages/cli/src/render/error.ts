// An error for people.

import type { SpackOciError } from "@spack-oci/errors";

/** What went wrong, then what to do about it; whoever prints it shortens padding. */
export function renderError(error: SpackOciError): string {
  const lines = [error.message.replaceAll("\n", "\n  ")];
  const cause = innermostMessage(error);
  if (cause !== undefined && !error.message.includes(cause)) lines.push(`  because: ${cause}`);
  if (error.place !== undefined && !error.message.includes(error.place)) lines.push(`  at: ${error.place}`);
  if (error.hint !== undefined) lines.push(`  ${error.hint}`);
  return lines.join("\n");
}

function innermostMessage(error: Error): string | undefined {
  let { cause } = error;
  let message: string | undefined;
  while (cause instanceof Error) {
    // Parsers show the text below their message, which has its place by then, and OpenSSL ends with a line break.
    message = cause.message.trimStart().split("\n")[0]?.trimEnd();
    cause = cause.cause;
  }
  return message;
}
