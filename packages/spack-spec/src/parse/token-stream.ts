// Hands out the tokens of a text one by one, with one token of lookahead, and tells where an error is.

import { SpackOciError } from "@spack-oci/errors";
import { type Token, type TokenKind, tokenize } from "./tokenizer.js";

/** The tokens of one text, white space left out (`spack/spec_parser.py: TokenContext`). */
export class TokenStream {
  readonly text: string;
  readonly #tokens: Generator<Token>;
  readonly #pushed: (Token | undefined)[] = [];
  #current: Token | undefined;
  #next: Token | undefined;

  /** @throws SpackOciError `ERR_SPEC_TOKENS`, as every step may */
  constructor(text: string) {
    this.text = text;
    this.#tokens = tokenize(text);
    this.#advance();
  }

  /** The token that will be taken next, or `undefined` at the end. */
  get next(): Token | undefined {
    return this.#next;
  }

  /** Takes the next token if it is of one of these kinds. */
  accept(...kinds: readonly TokenKind[]): Token | undefined {
    if (this.#next === undefined || !kinds.includes(this.#next.kind)) return undefined;
    this.#advance();
    return this.#current;
  }

  /** Puts `token` before those that are still to be taken. */
  push(token: Token): void {
    this.#pushed.push(this.#next);
    this.#next = token;
  }

  /** An error at the token that was taken last, or at `token`. */
  error(message: string, token: Token | undefined = this.#current, cause?: unknown): SpackOciError {
    const mark =
      token === undefined ? "" : `\n${" ".repeat(token.start)}${"^".repeat(token.end - token.start)}`;
    return new SpackOciError("ERR_SPEC_SYNTAX", `${message}\n${this.text}${mark}`, {
      kind: "usage",
      hint: "A spec looks like name@version+variant key=value ^dependency.",
      cause,
    });
  }

  #advance(): void {
    this.#current = this.#next;
    this.#next = this.#pushed.length > 0 ? this.#pushed.pop() : this.#read();
  }

  #read(): Token | undefined {
    for (;;) {
      const { value, done } = this.#tokens.next();
      if (done === true) return undefined;
      if (value.kind !== "WS") return value;
    }
  }
}
