// JSON documents for programs.

import type { SpackOciError } from "@spack-oci/errors";
import type { Console } from "../process/console.js";

/** The JSON form of an error. */
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

/** Prints one document to standard output. */
export function printJson({ stdout }: Pick<Console, "stdout">, document: unknown): void {
  stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
}
