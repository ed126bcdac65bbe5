// Fetches an access token from a registry's token server (distribution, "Token Authentication Specification").
import { SpackOciError } from "@spack-oci/errors";
import { isRecord, parseJsonOrUndefined } from "../content/json.js";
import type { Credential } from "../credentials/credential.js";
import type { HttpRequest, HttpResponse, Send } from "../http/http.js";
import { basicAuthorization } from "../http/secrets.js";
import { statusError } from "../http/status-error.js";
import { bodyOf } from "../storage/bytes.js";
import type { AccessToken } from "./token-cache.js";

/** What is asked of a token server. */
export interface TokenRequest {
  readonly realm: string;
  readonly service: string | undefined;
  readonly scopes: readonly string[];
  readonly credential: Credential | undefined;
  /** As whom it is asked, for messages. */
  readonly identity: string;
  readonly repository: string;
  readonly place: string;
  readonly now: () => number;
}

const clientId = "spack-oci";
/** A token without `expires_in` lives 60 s, and no token lives shorter, as the specification has it. */
const shortestLife = 60_000;

/**
 * Asks for a token: an identity token by OAuth2 POST, with GET where the server knows no POST; else by GET.
 *
 * @throws SpackOciError of kind `denied` when the server refuses, `unreachable` when its answer is of no use.
 */
export async function requestToken(send: Send, question: TokenRequest): Promise<AccessToken> {
  const { credential } = question;
  if (credential?.kind === "identity-token") {
    const response = await send(postRequest(question, credential.token));
    if (response.status !== 404 && response.status !== 405) return readToken(response, question);
  }
  return readToken(await send(getRequest(question)), question);
}

function getRequest(question: TokenRequest): HttpRequest {
  const url = new URL(question.realm);
  if (question.service !== undefined) url.searchParams.set("service", question.service);
  url.searchParams.set("client_id", clientId);
  for (const scope of question.scopes) url.searchParams.append("scope", scope);
  const { credential } = question;
  const authorization = credential && basicOf(credential);
  return {
    ...commonRequest(question),
    method: "GET",
    url: url.href,
    headers: authorization === undefined ? {} : { authorization },
  };
}

function postRequest(question: TokenRequest, refreshToken: string): HttpRequest {
  const form = new URLSearchParams({
    grant_type: "refresh_token",
    refresh_token: refreshToken,
    client_id: clientId,
  });
  if (question.service !== undefined) form.set("service", question.service);
  if (question.scopes.length > 0) form.set("scope", question.scopes.join(" "));
  const bytes = Buffer.from(form.toString());
  return {
    ...commonRequest(question),
    method: "POST",
    url: question.realm,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: { open: bodyOf(bytes), size: bytes.byteLength },
  };
}

function basicOf(credential: Credential): string {
  if (credential.kind === "basic") return basicAuthorization(credential.username, credential.password);
  return basicAuthorization(credential.username ?? "<token>", credential.token);
}

function commonRequest(question: TokenRequest) {
  return { repository: question.repository, scopes: [], place: question.place };
}

function readToken(response: HttpResponse, question: TokenRequest): AccessToken {
  const host = new URL(question.realm).host;
  if (response.status !== 200) {
    const identity = response.identity ?? question.identity;
    throw statusError({ ...response, identity }, { method: "GET", place: question.place });
  }
  const answer = parseJsonOrUndefined(response.body.toString("utf8"));
  const { token, access_token, expires_in } = isRecord(answer) ? answer : {};
  const value = [token, access_token].find((candidate) => typeof candidate === "string" && candidate !== "");
  if (typeof value !== "string" || /[^\x21-\x7e]/.test(value)) {
    throw new SpackOciError("ERR_OCI_TOKEN", `${question.place}: ${host} answered without a usable token`, {
      kind: "unreachable",
      place: question.place,
      hint: "Check the token server named by the registry's WWW-Authenticate header.",
    });
  }
  // From here on the token is counted by this machine's clock: the server's may differ (lesson 22).
  const now = question.now();
  const life = typeof expires_in === "number" && Number.isFinite(expires_in) ? expires_in * 1000 : 0;
  return { token: value, obtainedAt: now, expiresAt: now + Math.max(life, shortestLife) };
}
