// Adds the Authorization header, and logs in again whenever a registry sends a new challenge.

import { parseChallenges } from "../auth/challenge.js";
import type { Login } from "../auth/login.js";
import { type HttpRequest, type HttpResponse, headerOf, originOf, type Send } from "../http/http.js";
import { MAX_LOGIN_ROUNDS } from "../limits.js";

/** Authenticates each request as its host demands; a 401 that cannot be resolved is returned. */
export function withAuthentication(next: Send, login: Login): Send {
  return async (request) => {
    const identity = await login.identify(request);
    let authorization = await login.prepare(request, identity);
    for (let round = 1; ; round += 1) {
      const headers = { ...request.headers, ...(authorization && { authorization: authorization.header }) };
      const response = { ...(await next({ ...request, headers })), identity: identity.text };
      if (response.status !== 401 || round === MAX_LOGIN_ROUNDS) return response;
      authorization?.forget();
      const rejected = authorization?.header;
      authorization = await login.answer(await challengesOf(response, request, next), request, identity);
      if (authorization === undefined || authorization.header === rejected) return response;
    }
  };
}

/** The challenges of an answer; Google's registry sends them on `/v2/` only. */
async function challengesOf(response: HttpResponse, request: HttpRequest, next: Send) {
  const header = headerOf(response, "www-authenticate");
  if (header !== undefined || request.foreign === true) return parseChallenges(header ?? "");
  const { repository, scopes, place, signal } = request;
  const url = `${originOf(request.url)}/v2/`;
  const ping = await next({ method: "GET", url, repository, scopes, place, signal });
  return parseChallenges(headerOf(ping, "www-authenticate") ?? "");
}
