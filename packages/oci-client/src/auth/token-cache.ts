// Tokens are asked for once per host and scope, however many requests wait for them, and forgotten in time.

/** An access token; times are in milliseconds of this machine's own clock (lesson 22). */
export interface AccessToken {
  readonly token: string;
  readonly obtainedAt: number;
  readonly expiresAt: number;
}

/** Tokens by key; requests for one key share one flight. */
export class TokenCache {
  readonly #tokens = new Map<string, AccessToken>();
  readonly #flights = new Map<string, Promise<AccessToken>>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * A token that is still good: with `fresh`, one that has at least four fifths of its life ahead, or is new.
   * `obtain` is called when there is none, once for all who wait.
   */
  async get(key: string, obtain: () => Promise<AccessToken>, fresh = false): Promise<AccessToken> {
    const known = this.#tokens.get(key);
    if (known !== undefined && this.#usable(known, fresh)) return known;
    const flight = this.#flights.get(key) ?? this.#obtain(key, obtain);
    return flight;
  }

  /** Forgets a token that was refused, unless another request has replaced it meanwhile. */
  forget(key: string, refused: string): void {
    if (this.#tokens.get(key)?.token === refused) this.#tokens.delete(key);
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
