// Answers challenges: which Authorization header to send with a request, and what to do if it is rejected.

import { SpackOciError } from "@spack-oci/errors";
import { type Credential, type Credentials, identityOf } from "../credentials/credential.js";
import { type FollowPolicy, resolveUrl } from "../http/follow.js";
import { type HttpRequest, originOf, type Send } from "../http/http.js";
import { basicAuthorization, maySendSecret } from "../http/secrets.js";
import { type Challenge, challengeFor } from "./challenge.js";
import { mergeScopes, scopeKey, splitScopes } from "./scope.js";
import { TokenCache } from "./token-cache.js";
import { requestToken, type TokenRequest } from "./token-request.js";

/** What a login needs. */
export interface LoginOptions {
  readonly credentials: Credentials;
  /** Sends token requests, without authentication of its own. */
  readonly send: Send;
  /** Repeats a task whose answer was damaged on the way. */
  readonly reread: <T>(task: () => Promise<T>) => Promise<T>;
  readonly mayFollow: FollowPolicy;
  /** Whether the user allows sending secrets to a host (`name` or `name:port`) over plain http. */
  readonly mayUseHttp: (host: string) => boolean;
  /** The time of this machine in milliseconds. */
  readonly now: () => number;
}

/**
 * How long a credential is used before it is searched up again, in milliseconds; some helpers return credentials that
 * expire.
 */
const IDENTITY_LIFETIME = 15 * 60 * 1000;

/** A header to send, and how to forget it if it is rejected. */
export interface Authorization {
  readonly header: string;
  forget(): void;
}

/** The identity with which a request is made. */
export interface Identity {
  readonly credential: Credential | undefined;
  /** For messages; lists the sources if there was no credential. */
  readonly text: string;
}

/** Logs in to any number of registries. Remembers the challenge of each, and its tokens. */
export class Login {
  readonly #options: LoginOptions;
  readonly #challenges = new Map<string, Challenge>();
  readonly #learnedScopes = new Map<string, readonly string[]>();
  readonly #identities = new Map<
    string,
    { readonly found: Promise<Identity>; readonly until: number; readonly signal: AbortSignal | undefined }
  >();
  readonly #tokens: TokenCache;

  constructor(options: LoginOptions) {
    this.#options = options;
    this.#tokens = new TokenCache(options.now);
  }

  /** The identity for a request; a foreign host never gets the user's credentials. */
  async identify(request: HttpRequest): Promise<Identity> {
    if (request.foreign === true) return { credential: undefined, text: "anonymous" };
    const host = new URL(request.url).host;
    const key = `${host} ${request.repository}`;
    const now = this.#options.now();
    const known = this.#identities.get(key);
    const { signal } = request;
    if (known !== undefined && known.until > now) {
      try {
        return await known.found;
      } catch (error) {
        // Another request began to search, and was aborted.
        if (!known.signal?.aborted || signal?.aborted) throw error;
        return this.identify(request);
      }
    }
    const found = this.#find(host, request.repository, signal);
    this.#identities.set(key, { found, until: now + IDENTITY_LIFETIME, signal });
    found.catch(() => this.#identities.delete(key));
    return found;
  }

  /** The header for a host whose challenge is already known; undefined for other hosts. */
  async prepare(request: HttpRequest, identity: Identity): Promise<Authorization | undefined> {
    const challenge = this.#challenges.get(originOf(request.url));
    if (challenge === undefined) return undefined;
    return this.#authorize(challenge, request, identity);
  }

  /** The header that answers a challenge; undefined if none can. Remembers the challenge for later requests. */
  async answer(
    challenges: readonly Challenge[],
    request: HttpRequest,
    identity: Identity,
  ): Promise<Authorization | undefined> {
    const bearer = challengeFor(challenges, "bearer");
    const challenge = bearer?.parameters["realm"] === undefined ? challengeFor(challenges, "basic") : bearer;
    if (challenge === undefined) {
      if (bearer !== undefined) throw badChallenge(request, "the token server's address is missing");
      return undefined;
    }
    const authorization = await this.#authorize(challenge, request, identity);
    if (authorization !== undefined) this.#challenges.set(originOf(request.url), challenge);
    return authorization;
  }

  async #find(host: string, repository: string, signal: AbortSignal | undefined): Promise<Identity> {
    const { credentials } = this.#options;
    const credential = await credentials(host, repository, signal);
    if (credential !== undefined) return { credential, text: identityOf(credential) };
    const { sources = [], unused } = credentials;
    const place = repository === "" ? host : `${host}/${repository}`;
    const others = unused?.(host, repository) ?? [];
    const searched = sources.length === 0 ? "" : `; no credential for ${place} in ${sources.join(", ")}`;
    const extend =
      others.length === 0
        ? ""
        : `; not used because they are for other places: ${others.join(", ")}; see "Credentials" in docs/registries.md for how to extend them`;
    return { credential, text: `anonymous${searched}${extend}` };
  }

  #authorize(
    challenge: Challenge,
    request: HttpRequest,
    identity: Identity,
  ): Promise<Authorization | undefined> {
    return challenge.scheme === "basic"
      ? this.#basic(request, identity)
      : this.#bearer(challenge, request, identity);
  }

  async #basic(request: HttpRequest, { credential }: Identity): Promise<Authorization | undefined> {
    if (credential?.kind !== "basic") return undefined;
    this.#ensureSecret(request.url, request);
    return { header: basicAuthorization(credential.username, credential.password), forget: () => {} };
  }

  async #bearer(challenge: Challenge, request: HttpRequest, identity: Identity): Promise<Authorization> {
    const { realm: realmText = "", service } = challenge.parameters;
    const realm = readRealm(realmText, request);
    await this.#options.mayFollow(request.url, realm, request.place);
    const { credential } = identity;
    if (credential !== undefined) this.#ensureSecret(realm, request);
    const scopes = this.#scopes(challenge, request);
    const key = [originOf(request.url), realm, service, identity.text, scopeKey(scopes)].join(" ");
    const { send, reread, now } = this.#options;
    const tokenRequest: TokenRequest = {
      realm,
      service,
      scopes,
      credential,
      identity: identity.text,
      repository: request.repository,
      place: request.place,
      now,
    };
    const obtain = () => reread(() => requestToken(send, tokenRequest));
    const { token } = await this.#tokens.get(key, obtain, request.freshToken);
    return { header: `Bearer ${token}`, forget: () => this.#tokens.forget(key, token) };
  }

  /**
   * The challenge's scopes come first, for token servers that honor only one; then those that are known to be needed.
   */
  #scopes(challenge: Challenge, request: HttpRequest): readonly string[] {
    const key = `${originOf(request.url)} ${scopeKey(request.scopes)}`;
    const asked =
      this.#challenges.get(originOf(request.url)) === challenge
        ? []
        : splitScopes(challenge.parameters["scope"]);
    const known = this.#learnedScopes.get(key) ?? (request.foreign === true ? [] : request.scopes);
    const scopes = mergeScopes(asked, known);
    this.#learnedScopes.set(key, scopes);
    return scopes;
  }

  #ensureSecret(url: string, request: HttpRequest): void {
    if (maySendSecret(url, this.#options.mayUseHttp)) return;
    const { host } = new URL(url);
    throw new SpackOciError(
      "ERR_OCI_INSECURE",
      `${request.place}: ${host} asks for credentials over plain http.`,
      {
        kind: "denied",
        place: request.place,
        hint: `Use https (oci://), or set "credentialsOverHttp" for ${host} in registries.json (see docs/registries.md).`,
      },
    );
  }
}

function readRealm(realm: string, request: HttpRequest): string {
  try {
    return resolveUrl(realm, request.url);
  } catch (cause) {
    throw badChallenge(request, "the address of the token server is malformed", cause);
  }
}

function badChallenge({ place }: HttpRequest, why: string, cause?: unknown): SpackOciError {
  return new SpackOciError("ERR_OCI_CHALLENGE", `${place}: ${why}.`, {
    kind: "unreachable",
    place,
    cause,
    hint: "Check the registry's WWW-Authenticate header.",
  });
}
