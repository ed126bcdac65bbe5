// Reads a bundle with a signed statement.

import { type BundleWithDsseEnvelope, bundleFromJSON, isBundleWithDsseEnvelope } from "@sigstore/bundle";
import { reasonFor, SignatureRejection } from "../errors.js";
import { MAX_BUNDLE_SIZE, MAX_PAYLOAD_SIZE } from "../limits.js";
import { requireBundleFields } from "./bundle-fields.js";
import { BUNDLE_TYPE, STATEMENT_TYPE } from "./media-types.js";
import { parseStatement, type Statement } from "./statement.js";
import { parseStrictJson } from "./strict-json.js";

/** A bundle, and what it says if its signature is valid. */
export interface ParsedBundle {
  readonly bundle: BundleWithDsseEnvelope;
  readonly statement: Statement;
}

/** @throws SignatureRejection if it is anything but a bundle of version 0.3 with one signature of a statement. */
export function parseBundle(bytes: Buffer): ParsedBundle {
  if (bytes.length > MAX_BUNDLE_SIZE) {
    throw new SignatureRejection(`the bundle has ${bytes.length} bytes, more than ${MAX_BUNDLE_SIZE}`);
  }
  const value = parseStrictJson(bytes, "the bundle");
  if (value["mediaType"] !== BUNDLE_TYPE) throw new SignatureRejection(`the bundle is not of version 0.3`);
  requireBundleFields(value);
  const bundle = read(value);
  if (!isBundleWithDsseEnvelope(bundle)) throw new SignatureRejection("the bundle has no statement");
  const { payload, payloadType } = bundle.content.dsseEnvelope;
  if (payloadType !== STATEMENT_TYPE) throw new SignatureRejection("the payload is not an in-toto statement");
  if (payload.length > MAX_PAYLOAD_SIZE) {
    throw new SignatureRejection(`the statement has ${payload.length} bytes, more than ${MAX_PAYLOAD_SIZE}`);
  }
  return { bundle, statement: parseStatement(payload) };
}

function read(value: unknown) {
  try {
    return bundleFromJSON(value);
  } catch (error) {
    throw new SignatureRejection(`the bundle is malformed: ${reasonFor(error)}`);
  }
}
