// Tokens are requested once per host and scope, no matter how many requests wait for one, and dropped before they
// expire.

/** An access token. Times are in milliseconds of this machine's clock, because the server's may differ. */
export interface AccessToken {
  readonly token: string;
  readonly obtainedAt: number;
  readonly expiresAt: number;
}

/** Tokens by key; concurrent calls for one key share one request. */
export class TokenCache {
  readonly #tokens = new Map<string, AccessToken>();
  readonly #flights = new Map<string, Promise<AccessToken>>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * A valid token; with `fresh`, one that is new or has at least four fifths of its lifetime left. `obtain` is called
   * if there is none, once for all waiting callers.
   */
  async get(key: string, obtain: () => Promise<AccessToken>, fresh = false): Promise<AccessToken> {
    const known = this.#tokens.get(key);
    if (known !== undefined && this.#usable(known, fresh)) return known;
    const flight = this.#flights.get(key) ?? this.#obtain(key, obtain);
    return flight;
  }

  /** Forgets a token that was rejected, unless another request has replaced it in the meantime. */
  forget(key: string, rejected: string): void {
    if (this.#tokens.get(key)?.token === rejected) this.#tokens.delete(key);
  }

  #usable(token: AccessToken, fresh: boolean): boolean {
    const life = token.expiresAt - token.obtainedAt;
    const ahead = token.expiresAt - this.#now();
    return ahead > Math.min(10_000, life / 10) && (!fresh || ahead >= life * 0.8);
  }

  #obtain(key: string, obtain: () => Promise<AccessToken>): Promise<AccessToken> {
    const flight = obtain()
      .then((token) => {
        this.#tokens.set(key, token);
        return token;
      })
      .finally(() => this.#flights.delete(key));
    this.#flights.set(key, flight);
    return flight;
  }
}
