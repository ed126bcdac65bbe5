// Provides the tokens of a text with one token of lookahead, and the position of errors.

import { SpackOciError } from "@spack-oci/errors";
import { type Token, type TokenKind, tokenize } from "./tokenizer.js";

/** The tokens of one text without white space (`spack/spec_parser.py: TokenContext`). */
export class TokenStream {
  readonly text: string;
  readonly #tokens: Generator<Token>;
  readonly #pushed: (Token | undefined)[] = [];
  #current: Token | undefined;
  #next: Token | undefined;

  /** @throws SpackOciError `ERR_SPEC_TOKENS`, as every method may */
  constructor(text: string) {
    this.text = text;
    this.#tokens = tokenize(text);
    this.#advance();
  }

  /** The next token, or undefined at the end. */
  get next(): Token | undefined {
    return this.#next;
  }

  /** Takes the next token if it has one of these kinds. */
  accept(...kinds: readonly TokenKind[]): Token | undefined {
    if (this.#next === undefined || !kinds.includes(this.#next.kind)) return undefined;
    this.#advance();
    return this.#current;
  }

  /** Puts `token` before the remaining ones. */
  push(token: Token): void {
    this.#pushed.push(this.#next);
    this.#next = token;
  }

  /** An error at `token`, by default the last one taken. */
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
