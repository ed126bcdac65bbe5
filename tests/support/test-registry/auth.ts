// The test registry's authentication: none, Basic, or tokens from its own endpoint.

import { randomUUID } from "node:crypto";
import { type Answer, failure, json, type Question } from "./answer.js";

/** Access rules. Users may do everything; anonymous clients may only pull, and only with `anonymousPull`. */
export interface AuthOptions {
  readonly kind: "basic" | "bearer";
  readonly users: Readonly<Record<string, string>>;
  readonly anonymousPull?: boolean;
  /** Seconds; left out of the answer if undefined. */
  readonly expiresIn?: number;
  /** The identity tokens that the OAuth2 endpoint accepts; without any, it answers POST with 404. */
  readonly identityTokens?: readonly string[];
  /** Whether the challenge names `service` and `scope`. */
  readonly fullChallenge?: boolean;
  /** The field with the token. */
  readonly tokenField?: "token" | "access_token";
}

interface IssuedToken {
  readonly scopes: readonly string[];
  readonly expiresAt: number;
}

/** Guards a registry. */
export class Guard {
  readonly #options: AuthOptions | undefined;
  readonly #tokens = new Map<string, IssuedToken>();

  constructor(options: AuthOptions | undefined) {
    this.#options = options;
  }

  /** Revokes every issued token. */
  revokeAll(): void {
    this.#tokens.clear();
  }

  /** The denial, or undefined if the request is allowed. */
  check(question: Question, origin: string): Answer | undefined {
    if (this.#options === undefined) return undefined;
    const needed = neededScope(question);
    const authorization = question.headers["authorization"] ?? "";
    if (this.#options.kind === "basic") {
      if (this.#isUser(authorization)) return undefined;
      return failure(401, "UNAUTHORIZED", undefined, { "www-authenticate": 'Basic realm="test"' });
    }
    const token = this.#tokens.get(authorization.replace(/^Bearer /, ""));
    const valid = token !== undefined && token.expiresAt > Date.now();
    if (valid && (needed === undefined || covers(token.scopes, needed))) return undefined;
    const rest =
      this.#options.fullChallenge === false
        ? ""
        : `,service="test-registry"${needed ? `,scope="${needed}"` : ""}`;
    const challenge = `Bearer realm="${origin}/token"${rest}`;
    return failure(401, "UNAUTHORIZED", undefined, { "www-authenticate": challenge });
  }

  /** Answers the token endpoint. */
  answerToken(question: Question): Answer {
    if (question.method === "POST") return this.#exchange(question);
    const authorization = question.headers["authorization"];
    const user = this.#isUser(authorization ?? "");
    if (authorization !== undefined && !user) return failure(401, "UNAUTHORIZED");
    if (!user && !this.#options?.anonymousPull) return failure(401, "UNAUTHORIZED");
    const asked = question.url.searchParams.getAll("scope").flatMap((scope) => scope.split(" "));
    return this.#issue(user ? asked : asked.map((scope) => scope.replace(/:[^:]*$/, ":pull")));
  }

  #exchange(question: Question): Answer {
    const known = this.#options?.identityTokens ?? [];
    if (known.length === 0) return failure(404, "UNSUPPORTED");
    const form = new URLSearchParams(question.body.toString());
    if (form.get("grant_type") !== "refresh_token" || !known.includes(form.get("refresh_token") ?? "")) {
      return failure(401, "UNAUTHORIZED");
    }
    return this.#issue((form.get("scope") ?? "").split(" "));
  }

  #issue(scopes: readonly string[]): Answer {
    const token = randomUUID();
    const life = this.#options?.expiresIn ?? 60;
    this.#tokens.set(token, { scopes, expiresAt: Date.now() + life * 1000 });
    const field = this.#options?.tokenField ?? "token";
    const expiry = this.#options?.expiresIn === undefined ? {} : { expires_in: life };
    return json(200, { [field]: token, ...expiry });
  }

  #isUser(authorization: string): boolean {
    const [, encoded = ""] = /^Basic (.*)$/.exec(authorization) ?? [];
    const [user = "", password = ""] = Buffer.from(encoded, "base64").toString().split(/:(.*)/s);
    return Object.hasOwn(this.#options?.users ?? {}, user) && this.#options?.users[user] === password;
  }
}

function neededScope({ method, url }: Question): string | undefined {
  const name = /^\/v2\/(.+)\/(?:blobs|manifests|tags)\//.exec(url.pathname)?.[1];
  if (name === undefined) return undefined;
  const actions =
    method === "GET" || method === "HEAD" ? "pull" : method === "DELETE" ? "delete" : "pull,push";
  return `repository:${name}:${actions}`;
}

function covers(scopes: readonly string[], needed: string): boolean {
  const colon = needed.lastIndexOf(":");
  const resource = needed.slice(0, colon + 1);
  const granted = scopes
    .filter((scope) => scope.startsWith(resource))
    .flatMap((scope) => scope.slice(colon + 1).split(","));
  return needed
    .slice(colon + 1)
    .split(",")
    .every((action) => granted.includes(action));
}
