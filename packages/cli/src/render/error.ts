// Formats an error for people.

import { hideUserinfo, reasonOf, type SpackOciError } from "@spack-oci/errors";
import { repositoryAddress } from "../repository.js";

/** The message, its cause, its place and the hint. Padding is shortened later, when the text is printed. */
export function renderError(error: SpackOciError): string {
  const lines = [error.message.replaceAll("\n", "\n  ")];
  const cause = innermostMessage(error);
  if (cause !== undefined && !error.message.includes(cause)) lines.push(`  cause: ${cause}`);
  if (error.place !== undefined && !error.message.includes(error.place)) lines.push(`  at: ${error.place}`);
  if (error.hint !== undefined) lines.push(`  ${error.hint}`);
  return lines.join("\n");
}

/** The error that ends a command: {@link renderError}, and where to read more about it. */
export function renderFinalError(error: SpackOciError): string {
  return `${renderError(error)}\n  docs: ${errorPage(error.code)}`;
}

/** The paragraph about a code in docs/errors.md. */
function errorPage(code: string): string {
  return `${repositoryAddress()}/blob/main/docs/errors.md#${code.toLowerCase()}`;
}

/** The stacks of an error and its causes, for those who debug this program: if SPACK_OCI_DEBUG is set, else empty. */
export function renderStack(error: Error, environment: NodeJS.ProcessEnv): string {
  if (!environment["SPACK_OCI_DEBUG"]) return "";
  const stacks: string[] = [];
  for (let each: unknown = error; each instanceof Error; each = each.cause)
    stacks.push(hideUserinfo(each.stack ?? each.message));
  return `${stacks.join("\n")}\n`;
}

function innermostMessage(error: Error): string | undefined {
  let { cause } = error;
  let message: string | undefined;
  while (cause instanceof Error) {
    // Parsers quote the source below their message, and OpenSSL appends a line break.
    message = hideUserinfo(reasonOf(cause).trimStart().split("\n")[0]?.trimEnd() ?? "");
    cause = cause.cause;
  }
  return message;
}
