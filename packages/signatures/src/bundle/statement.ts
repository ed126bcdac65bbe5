// Statements name what is signed: a digest, and what is said about it (in-toto attestation framework, statement.md).

import { SignatureRejection } from "../errors.js";
import { isRecord, parseStrictJson, requireKnown } from "./strict-json.js";

const STATEMENT_TYPES: readonly unknown[] = [
  "https://in-toto.io/Statement/v1",
  "https://in-toto.io/Statement/v0.1",
];

/** What is said about an image. */
export interface Claim {
  readonly predicateType: string;
  readonly predicate: unknown;
}

/** What a statement is about. */
export interface Subject {
  /** `sha256:<hex>` of a manifest. */
  readonly digest: string;
  /** The repository that it is signed for, without a scheme. */
  readonly repository?: string | undefined;
}

/** A statement that was read. */
export interface Statement extends Subject {
  readonly predicateType: string;
  readonly predicate: unknown;
}

/** The bytes of a statement. */
export function formatStatement(
  { digest, repository }: Subject,
  { predicateType, predicate }: Claim,
): Buffer {
  const subject = { ...(repository && { name: repository }), digest: { sha256: hexOf(digest) } };
  const statement = { _type: STATEMENT_TYPES[0], subject: [subject], predicateType, predicate };
  return Buffer.from(JSON.stringify(statement));
}

/**
 * Reads a statement with exactly one subject and one digest of it.
 *
 * @throws SignatureRejection if it is anything else; what it does not know may restrict what it says.
 */
export function parseStatement(bytes: Buffer): Statement {
  const value = parseStrictJson(bytes, "the statement");
  requireKnown(value, ["_type", "subject", "predicateType", "predicate"], "the statement");
  if (!STATEMENT_TYPES.includes(value["_type"]))
    throw new SignatureRejection("it is not an in-toto statement");
  const { predicateType, predicate, subject: subjects } = value;
  const [subject] = Array.isArray(subjects) ? subjects : [];
  if (!isRecord(subject) || (subjects as unknown[]).length !== 1) {
    throw new SignatureRejection("the statement does not have exactly one subject");
  }
  requireKnown(subject, ["name", "digest"], "the subject");
  const { digest, name } = subject;
  if (!isRecord(digest)) throw new SignatureRejection("the subject has no digest");
  requireKnown(digest, ["sha256"], "the digest");
  const { sha256 } = digest;
  if (typeof sha256 !== "string" || !/^[0-9a-f]{64}$/.test(sha256)) {
    throw new SignatureRejection("the subject has no SHA-256 digest");
  }
  if (typeof predicateType !== "string") throw new SignatureRejection("the statement has no predicate type");
  const repository = typeof name === "string" && name !== "" ? name : undefined;
  return { digest: `sha256:${sha256}`, repository, predicateType, predicate };
}

function hexOf(digest: string): string {
  if (!/^sha256:[0-9a-f]{64}$/.test(digest)) throw new TypeError(`${digest} is not a SHA-256 digest`);
  return digest.slice("sha256:".length);
}
