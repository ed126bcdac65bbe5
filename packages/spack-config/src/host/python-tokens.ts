// Splits a condition into tokens.

import { SpackOciError } from "@spack-oci/errors";

interface Token {
  readonly kind: "string" | "name" | "number" | "sign" | "end";
  readonly text: string;
}

const TOKEN =
  /\s*(?:(?<string>[rub]?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"))|(?<number>\d+)|(?<name>[A-Za-z_]\w*)|(?<sign>==|!=|<=|>=|[()[\],.<>]))/y;

/** A reader of tokens. */
export class PythonTokens {
  readonly #source: string;
  readonly #tokens: Token[] = [];

  /** @throws SpackOciError `ERR_CONFIG_CONDITION` for characters that do not start a token. */
  constructor(source: string) {
    this.#source = source;
    const text = source.trimEnd();
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < text.length) {
      const at = TOKEN.lastIndex;
      const groups = TOKEN.exec(text)?.groups ?? {};
      const [kind, found] = Object.entries(groups).find(([, value]) => value !== undefined) ?? [];
      if (kind === undefined || found === undefined) throw this.unsupported(`'${text.slice(at)}'`);
      this.#tokens.push({ kind: kind as Token["kind"], text: found });
    }
  }

  /** The next token. */
  get next(): Token {
    return this.#tokens[0] ?? { kind: "end", text: "" };
  }

  /** Takes the next token. */
  shift(): Token {
    return this.#tokens.shift() ?? { kind: "end", text: "the end" };
  }

  /** Takes the next tokens if they are these names and signs. */
  take(...texts: readonly string[]): boolean {
    const isNext = texts.every((text, index) => {
      const token = this.#tokens[index];
      return token?.text === text && (token.kind === "name" || token.kind === "sign");
    });
    if (isNext) this.#tokens.splice(0, texts.length);
    return isNext;
  }

  /** Takes the next token, which must be this sign. */
  expect(text: string): void {
    if (!this.take(text)) throw this.unsupported(`'${this.next.text}' instead of '${text}'`);
  }

  /** The error for an unsupported expression. */
  unsupported(what: string): SpackOciError {
    return new SpackOciError(
      "ERR_CONFIG_CONDITION",
      `Could not evaluate the condition \`${this.#source}\`: unsupported: ${what}.`,
      {
        kind: "unsupported",
        hint: "Conditions may compare platform, os, target, arch_str, hostname and env with strings.",
      },
    );
  }
}
