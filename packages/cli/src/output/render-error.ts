// An error for people and for programs.

import { filterPadding } from "@spack-oci/buildcache";
import type { SpackOciError } from "@spack-oci/errors";

/** What went wrong, then what to do about it; the padding in paths is shortened, as Spack does. */
export function renderError(error: SpackOciError): string {
  const lines = [error.message.replaceAll("\n", "\n  ")];
  const cause = innermostMessage(error);
  if (cause !== undefined && !error.message.includes(cause)) lines.push(`  because: ${cause}`);
  if (error.place !== undefined && !error.message.includes(error.place)) lines.push(`  at: ${error.place}`);
  if (error.hint !== undefined) lines.push(`  ${error.hint}`);
  return filterPadding(lines.join("\n"));
}

/** The form of an error in a JSON document. */
export interface ErrorJson {
  readonly code: string;
  readonly kind: string;
  readonly message: string;
  readonly place?: string;
  readonly hint?: string;
}

export function errorToJson({ code, kind, message, place, hint }: SpackOciError): ErrorJson {
  return {
    code,
    kind,
    message,
    ...(place === undefined ? {} : { place }),
    ...(hint === undefined ? {} : { hint }),
  };
}

function innermostMessage(error: Error): string | undefined {
  let { cause } = error;
  let message: string | undefined;
  while (cause instanceof Error) {
    message = cause.message;
    cause = cause.cause;
  }
  return message;
}
