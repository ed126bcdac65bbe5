// The payload of cosign's older signatures ("simple signing", containers/image, docs/containers-signature.5.md).

import type { Subject } from "../bundle/statement.js";
import { isRecord, parseStrictJson, requireKnown } from "../bundle/strict-json.js";
import { SignatureRejection } from "../errors.js";

const TYPE = "cosign container image signature";

/** The bytes of a payload, in the order of cosign's keys. */
export function formatPayload({ digest, repository = "" }: Subject): Buffer {
  const identity = { "docker-reference": repository };
  const critical = { identity, image: { "docker-manifest-digest": digest }, type: TYPE };
  return Buffer.from(JSON.stringify({ critical, optional: null }));
}

/** @throws SignatureRejection if it is anything but such a payload. */
export function parsePayload(bytes: Buffer): Subject {
  const value = parseStrictJson(bytes, "the payload");
  requireKnown(value, ["critical", "optional"], "the payload");
  const critical = requireRecord(value["critical"], ["identity", "image", "type"]);
  if (critical["type"] !== TYPE) throw new SignatureRejection("the payload is not an image signature");
  const { "docker-reference": reference } = requireRecord(critical["identity"], ["docker-reference"]);
  const { "docker-manifest-digest": digest } = requireRecord(critical["image"], ["docker-manifest-digest"]);
  if (typeof digest !== "string" || typeof reference !== "string") {
    throw new SignatureRejection("the payload has no digest or no reference");
  }
  return { digest, ...(reference !== "" && { repository: reference }) };
}

function requireRecord(value: unknown, known: readonly string[]): Record<string, unknown> {
  if (!isRecord(value)) throw new SignatureRejection("the payload lacks a critical field");
  requireKnown(value, known, "the payload");
  return value;
}
