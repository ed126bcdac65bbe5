// The fields of a bundle (sigstore protobuf-specs, sigstore_bundle.proto, version 0.3), and nothing else.

import { SignatureRejection } from "../errors.js";
import { isRecord, requireKnown } from "./strict-json.js";

/** The fields of an object; `"value"` for texts and numbers, and a list of one shape for repeated fields. */
interface Shape {
  readonly [field: string]: Shape | readonly [Shape | "value"] | "value";
}

const LOG_ENTRY: Shape = {
  logIndex: "value",
  logId: { keyId: "value" },
  kindVersion: { kind: "value", version: "value" },
  integratedTime: "value",
  inclusionPromise: { signedEntryTimestamp: "value" },
  inclusionProof: {
    logIndex: "value",
    rootHash: "value",
    treeSize: "value",
    hashes: ["value"],
    checkpoint: { envelope: "value" },
  },
  canonicalizedBody: "value",
};

const BUNDLE: Shape = {
  mediaType: "value",
  verificationMaterial: {
    publicKey: { hint: "value" },
    certificate: { rawBytes: "value" },
    tlogEntries: [LOG_ENTRY],
    timestampVerificationData: { rfc3161Timestamps: [{ signedTimestamp: "value" }] },
  },
  dsseEnvelope: { payload: "value", payloadType: "value", signatures: [{ sig: "value", keyid: "value" }] },
};

/** @throws SignatureRejection if a bundle has any other field, or one of another type. */
export function requireBundleFields(bundle: Record<string, unknown>): void {
  requireShape(bundle, BUNDLE, "the bundle");
}

function requireShape(value: unknown, shape: Shape, what: string): void {
  if (!isRecord(value)) throw new SignatureRejection(`${what} is not an object`);
  requireKnown(value, Object.keys(shape), what);
  for (const [name, field] of Object.entries(value)) {
    const expected = shape[name] as Shape[string];
    if (field === null) throw new SignatureRejection(`${name} of ${what} is null`);
    if (!Array.isArray(expected)) requireField(field, expected as Shape | "value", name);
    else if (Array.isArray(field)) for (const each of field) requireField(each, expected[0], name);
    else throw new SignatureRejection(`${name} of ${what} is not a list`);
  }
}

function requireField(value: unknown, expected: Shape | "value", name: string): void {
  if (expected !== "value") requireShape(value, expected, name);
  else if (typeof value !== "string" && typeof value !== "number") {
    throw new SignatureRejection(`${name} is neither a text nor a number`);
  }
}
