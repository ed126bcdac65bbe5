// Requests an access token from a registry's token server (distribution, "Token Authentication Specification").

import { SpackOciError } from "@spack-oci/errors";
import { isRecord, parseJsonOrUndefined } from "../content/json.js";
import type { Credential } from "../credentials/credential.js";
import type { HttpRequest, HttpResponse, Send } from "../http/http.js";
import { basicAuthorization } from "../http/secrets.js";
import { statusError } from "../http/status-error.js";
import { bodyOf } from "../storage/bytes.js";
import type { AccessToken } from "./token-cache.js";

/** A request for an access token. */
export interface TokenRequest {
  readonly realm: string;
  readonly service: string | undefined;
  readonly scopes: readonly string[];
  readonly credential: Credential | undefined;
  /** The identity of the request, for messages. */
  readonly identity: string;
  readonly repository: string;
  readonly place: string;
  readonly now: () => number;
}

const CLIENT_ID = "spack-oci";
/**
 * The minimum lifetime of a token in milliseconds, also if `expires_in` is missing, as the specification requires, or
 * unreadable: a token that is thrown away early costs a request.
 */
const MIN_LIFETIME = 60_000;

/** The answers of token servers without OAuth2: Google's answers 404, JFrog Artifactory 401, others 405. */
const NO_POST_STATUSES: readonly number[] = [401, 404, 405];

/**
 * Requests a token: with an identity token by OAuth2 POST, or by GET if the server does not support POST; else by
 * GET.
 *
 * @throws SpackOciError of kind `denied` if the server refuses, `unreachable` if its answer is unusable.
 */
export async function requestToken(send: Send, request: TokenRequest): Promise<AccessToken> {
  const { credential } = request;
  if (credential?.kind === "identity-token") {
    const response = await send(postRequest(request, credential.token));
    if (!NO_POST_STATUSES.includes(response.status)) return readToken(response, request);
  }
  return readToken(await send(getRequest(request)), request);
}

function getRequest(request: TokenRequest): HttpRequest {
  const url = new URL(request.realm);
  if (request.service !== undefined) url.searchParams.set("service", request.service);
  url.searchParams.set("client_id", CLIENT_ID);
  for (const scope of request.scopes) url.searchParams.append("scope", scope);
  const { credential } = request;
  const authorization = credential && basicOf(credential);
  return {
    ...commonRequest(request),
    method: "GET",
    url: url.href,
    headers: authorization === undefined ? {} : { authorization },
  };
}

function postRequest(request: TokenRequest, refreshToken: string): HttpRequest {
  const form = new URLSearchParams({
    grant_type: "refresh_token",
    refresh_token: refreshToken,
    client_id: CLIENT_ID,
  });
  if (request.service !== undefined) form.set("service", request.service);
  if (request.scopes.length > 0) form.set("scope", request.scopes.join(" "));
  const bytes = Buffer.from(form.toString());
  return {
    ...commonRequest(request),
    method: "POST",
    url: request.realm,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: { open: bodyOf(bytes), size: bytes.byteLength },
  };
}

function basicOf(credential: Credential): string {
  if (credential.kind === "basic") return basicAuthorization(credential.username, credential.password);
  return basicAuthorization(credential.username ?? "<token>", credential.token);
}

function commonRequest(request: TokenRequest) {
  return { repository: request.repository, scopes: [], place: request.place };
}

function readToken(response: HttpResponse, request: TokenRequest): AccessToken {
  const host = new URL(request.realm).host;
  if (response.status !== 200) {
    const identity = response.identity ?? request.identity;
    throw statusError({ ...response, identity }, { method: "GET", place: request.place });
  }
  const answer = parseJsonOrUndefined(response.body.toString("utf8"));
  const { token, access_token, expires_in } = isRecord(answer) ? answer : {};
  const value = [token, access_token].find((candidate) => typeof candidate === "string" && candidate !== "");
  if (typeof value !== "string" || /[^\x21-\x7e]/.test(value)) {
    throw new SpackOciError("ERR_OCI_TOKEN", `${request.place}: ${host} answered without a usable token.`, {
      kind: "unreachable",
      place: request.place,
      hint: "Check the token server in the registry's WWW-Authenticate header.",
    });
  }
  // From here on, the lifetime is counted by this machine's clock: the server's may differ.
  const now = request.now();
  const seconds = Number(expires_in);
  const life = Number.isFinite(seconds) ? seconds * 1000 : 0;
  return { token: value, obtainedAt: now, expiresAt: now + Math.max(life, MIN_LIFETIME) };
}
