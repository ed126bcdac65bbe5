// What a status means to the reader: the kind of the error, its code, and what to do about it.

import type { ErrorKind } from "@spack-oci/errors";
import type { HttpResponse } from "./http.js";
import { isSecondaryRateLimit, requestedWait } from "./rate-limit.js";

/** The parts of an error that follow from a status. */
export interface StatusMeaning {
  readonly code: string;
  readonly kind: ErrorKind;
  /** The predicate of a sentence with the host as its subject. */
  readonly says: string;
  readonly hint: string;
}

/** The meaning of an unexpected answer; `codes` are the registry's own. */
export function classify(response: HttpResponse, body: string, codes: readonly string[]): StatusMeaning {
  const { status, identity = "anonymous" } = response;
  if (codes.some((code) => code === "DIGEST_INVALID" || code === "SIZE_INVALID")) return CORRUPT;
  if (status === 429 || isSecondaryRateLimit(status, body)) return rateLimited(response, body, identity);
  if (status === 404) return NOT_FOUND;
  if (status === 401 || status === 403) return denied(identity);
  if (status >= 500 && status !== 501) return UNREACHABLE;
  if (status === 408) return UNREACHABLE;
  if (status === 405 || status === 501) return UNSUPPORTED;
  return UNEXPECTED;
}

const CORRUPT: StatusMeaning = {
  code: "ERR_OCI_CORRUPT",
  kind: "corrupt",
  says: "received bytes that do not match their digest",
  hint: "Try again; if the error persists, the content changed after its digest was computed.",
};

const NOT_FOUND: StatusMeaning = {
  code: "ERR_OCI_NOT_FOUND",
  kind: "not-found",
  says: "does not have it",
  hint: "Check the name; some registries also hide what the credentials do not give access to.",
};

const UNREACHABLE: StatusMeaning = {
  code: "ERR_OCI_UNREACHABLE",
  kind: "unreachable",
  says: "failed",
  hint: "Try again later; the problem is on the registry's side.",
};

const UNSUPPORTED: StatusMeaning = {
  code: "ERR_OCI_UNSUPPORTED",
  kind: "unsupported",
  says: "does not support this",
  hint: "Use the registry's own interface instead.",
};

const UNEXPECTED: StatusMeaning = {
  code: "ERR_OCI_STATUS",
  kind: "failed",
  says: "answered unexpectedly",
  hint: "Check that the host is an OCI registry and that it accepts this repository name.",
};

function denied(identity: string): StatusMeaning {
  return {
    code: "ERR_OCI_DENIED",
    kind: "denied",
    says: "refused",
    hint: `Log in with a credential that is allowed to do this; the request was made as ${identity}.`,
  };
}

function rateLimited(response: HttpResponse, body: string, identity: string): StatusMeaning {
  const wait = requestedWait(response, body, Date.now());
  const patience = wait === undefined ? "Wait" : `Wait ${Math.ceil(wait / 1000)} s, as requested`;
  return {
    code: "ERR_OCI_RATE_LIMITED",
    kind: "rate-limited",
    says: "asks for fewer requests",
    hint: `${patience}, or lower "connections" in registries.json; limits are often higher after a login (the request was made as ${identity}).`,
  };
}
