// Registries explain errors in JSON (distribution specification, "Error Codes"); the proxies before them do not.

import { isRecord, parseJsonOrUndefined } from "../content/json.js";
import { oneLine } from "./one-line.js";

interface RegistryError {
  readonly code: string;
  readonly message: string;
  readonly detail: unknown;
}

/** The error codes in a body, e.g. `["MANIFEST_UNKNOWN"]`; none if it is not a registry's JSON. */
export function errorCodes(body: string): string[] {
  return registryErrors(body).map((error) => error.code);
}

/** The explanation in a body as one short line without control characters; empty if there is none. */
export function errorText(body: string): string {
  const errors = registryErrors(body).map(({ code, message }) =>
    message === "" ? code : `${code} ${message}`,
  );
  const text = errors.length > 0 ? errors.join("; ") : body.trimStart().startsWith("<") ? "" : body;
  return short(text);
}

/** All digests in the details of `BLOB_UNKNOWN` and `MANIFEST_BLOB_UNKNOWN`. */
export function unknownBlobs(body: string): string[] {
  const details = registryErrors(body)
    .filter((error) => /BLOB_UNKNOWN$/.test(error.code))
    .map((error) => `${JSON.stringify(error.detail ?? "")} ${error.message}`);
  return [...new Set(details.join(" ").match(/sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})/g) ?? [])];
}

function registryErrors(body: string): RegistryError[] {
  const value = parseJsonOrUndefined(body);
  if (!isRecord(value) || !Array.isArray(value["errors"])) return [];
  return value["errors"].filter(isRecord).map((error) => ({
    code: String(error["code"] ?? "UNKNOWN"),
    message: String(error["message"] ?? ""),
    detail: error["detail"],
  }));
}

function short(text: string): string {
  const line = oneLine(text);
  return line.length > 300 ? `${line.slice(0, 300)}...` : line;
}
