// Image references as people write them, parsed by Spack's rules so that both tools mean the same repository.

import { SpackOciError } from "@spack-oci/errors";
import { type Digest, isDigest } from "../content/digest.js";
import { DEFAULT_HOST } from "../quirks/host-names.js";

/** A parsed `host/repository[:tag][@digest]`. */
export interface Reference {
  /** Host with its port, as written: an upper-case letter is what makes a word a host. */
  readonly host: string;
  /** The repository's name on the host, in lower case. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: Digest;
}

const HOST_PATTERN =
  /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[a-f0-9:]+\])(?::[0-9]+)?$/i;
const COMPONENT_PATTERN = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/i;
const TAG_PATTERN = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

/**
 * Parses an image reference by Spack's rules (`lib/spack/spack/oci/image.py`, `ImageReference.from_string`):
 * `index.docker.io` without a host, `library/` before a single word, and repositories in lower case. Unlike Spack, it
 * has no default `tag`, and it rejects a bare host, which Spack takes for a Docker Hub image (spack#51352).
 *
 * @throws SpackOciError of kind `usage`, code `ERR_OCI_REFERENCE`.
 *
 * @example
 * ```ts
 * import { parseReference } from "@spack-oci/oci-client";
 *
 * const { host, repository, tag } = parseReference("ghcr.io/org/name:v1");
 * console.log(host, repository, tag); // ghcr.io org/name v1
 * ```
 */
export function parseReference(text: string): Reference {
  const { name, tag, digest } = splitReference(text);
  if (tag !== undefined && !isTag(tag))
    throw badReference(text, `${JSON.stringify(tag)} is not a tag`, TAG_HINT);
  if (digest !== undefined && !isDigest(digest)) {
    throw badReference(
      text,
      `${JSON.stringify(digest)} is not a digest`,
      "Write @sha256: and 64 hexadecimal digits.",
    );
  }
  return {
    ...hostAndRepository(text, name),
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/**
 * Whether `text` can be a tag: at most 128 letters, digits, `_`, `.` and `-`, and the first is neither `.` nor `-`.
 */
export function isTag(text: string): boolean {
  return TAG_PATTERN.test(text);
}

/**
 * Returns `text` if it is a tag.
 *
 * @throws SpackOciError of kind `usage`, code `ERR_OCI_TAG`, if it is not.
 *
 * @example
 * ```ts
 * import { ensureTag } from "@spack-oci/oci-client";
 *
 * console.log(ensureTag("v1.0_rc")); // v1.0_rc
 * ```
 */
export function ensureTag(text: string): string {
  if (isTag(text)) return text;
  throw new SpackOciError("ERR_OCI_TAG", `Not a tag: ${JSON.stringify(text)}.`, {
    kind: "usage",
    hint: TAG_HINT,
  });
}

/**
 * `host/repository[:tag][@digest]`, the form that {@link parseReference} accepts.
 *
 * @example
 * ```ts
 * import { formatReference, parseReference } from "@spack-oci/oci-client";
 *
 * console.log(formatReference(parseReference("ghcr.io/org/name:v1"))); // ghcr.io/org/name:v1
 * ```
 */
export function formatReference(reference: Reference): string {
  const tag = reference.tag === undefined ? "" : `:${reference.tag}`;
  const digest = reference.digest === undefined ? "" : `@${reference.digest}`;
  return `${reference.host}/${reference.repository}${tag}${digest}`;
}

const TAG_HINT = "Use at most 128 letters, digits, _, . and -, starting with a letter, a digit or _.";

function splitReference(text: string): { name: string; tag?: string; digest?: string } {
  const at = text.indexOf("@");
  const digest = at < 0 ? {} : { digest: text.slice(at + 1) };
  const rest = at < 0 ? text : text.slice(0, at);
  const colon = rest.lastIndexOf(":");
  if (colon <= rest.lastIndexOf("/")) return { name: rest, ...digest };
  return { name: rest.slice(0, colon), tag: rest.slice(colon + 1), ...digest };
}

function hostAndRepository(text: string, name: string): Pick<Reference, "host" | "repository"> {
  const [first = "", ...others] = name.split("/");
  if (others.length === 0 && looksLikeHost(first)) {
    const hint = `Add the repository's path after the host: oci://${first}/<path>.`;
    throw badReference(text, "the repository is missing", hint);
  }
  const isHost = others.length > 0 && HOST_PATTERN.test(first);
  const port = isHost ? /:([0-9]+)$/.exec(first)?.[1] : undefined;
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65535))
    throw badReference(text, `${port} is not a port`, "Write HOST:PORT with a port from 1 to 65535.");
  if (isHost && !URL.canParse(`https://${first}`))
    throw badReference(text, `${JSON.stringify(first)} is not a host`, "Check the host name or address.");
  const path = isHost ? others : [first, ...others];
  for (const component of path) {
    if (!COMPONENT_PATTERN.test(component)) {
      const hint =
        "Use letters and digits, with single separators . _ - between them, and / between components.";
      throw badReference(text, `${JSON.stringify(component)} cannot be part of a repository name`, hint);
    }
  }
  const repository = path.join("/").toLowerCase();
  if (!isHost) return { host: DEFAULT_HOST, repository: `library/${repository}` };
  if (isDomain(first)) return { host: first, repository };
  return { host: DEFAULT_HOST, repository: `${first}/${repository}` };
}

/**
 * Spack's rule for the first component: it is a domain if it has a dot, a port or an upper-case letter, or is
 * localhost.
 */
function isDomain(first: string): boolean {
  return /[.:A-Z]/.test(first) || first === "localhost";
}

function looksLikeHost(word: string): boolean {
  return HOST_PATTERN.test(word) && (word.includes(".") || word.startsWith("[") || word === "localhost");
}

function badReference(text: string, why: string, hint: string): SpackOciError {
  return new SpackOciError("ERR_OCI_REFERENCE", `Not an image reference: ${JSON.stringify(text)}: ${why}.`, {
    kind: "usage",
    place: text,
    hint,
  });
}
