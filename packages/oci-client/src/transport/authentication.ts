// Adds the Authorization header, and logs in again as often as a registry has a new wish.
import { parseChallenges } from "../auth/challenge.js";
import type { Login } from "../auth/login.js";
import { type HttpRequest, type HttpResponse, headerOf, originOf, type Send } from "../http/http.js";

const mostRounds = 4;

/** Authenticates every request by what its host asks for; a 401 that nothing can be done about is returned. */
export function withAuthentication(next: Send, login: Login): Send {
  return async (request) => {
    const identity = await login.identify(request);
    let authorization = await login.prepare(request, identity);
    for (let round = 1; ; round += 1) {
      const headers = { ...request.headers, ...(authorization && { authorization: authorization.header }) };
      const response = { ...(await next({ ...request, headers })), identity: identity.text };
      if (response.status !== 401 || round === mostRounds) return response;
      authorization?.forget();
      const refused = authorization?.header;
      authorization = await login.answer(await challengesOf(response, request, next), request, identity);
      if (authorization === undefined || authorization.header === refused) return response;
    }
  };
}

/** The challenges of an answer; Google's registry gives them on `/v2/` only (lesson 21). */
async function challengesOf(response: HttpResponse, request: HttpRequest, next: Send) {
  const header = headerOf(response, "www-authenticate");
  if (header !== undefined || request.foreign === true) return parseChallenges(header ?? "");
  const { repository, scopes, place, signal } = request;
  const url = `${originOf(request.url)}/v2/`;
  const ping = await next({ method: "GET", url, repository, scopes, place, signal });
  return parseChallenges(headerOf(ping, "www-authenticate") ?? "");
}
