// The test registry's answers, before a fault changes them.

/** A request with its whole body. */
export interface Question {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** An answer; header names in lower case. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** An answer without a body. */
export function answer(status: number, headers: Record<string, string> = {}): Answer {
  return { status, headers };
}

/** An answer with bytes. */
export function content(status: number, body: Buffer, headers: Record<string, string>): Answer {
  return { status, headers, body };
}

/** An answer with a JSON value. */
export function json(status: number, value: unknown, headers: Record<string, string> = {}): Answer {
  return content(status, Buffer.from(JSON.stringify(value)), {
    "content-type": "application/json",
    ...headers,
  });
}

/** The distribution specification's error body. */
export function failure(
  status: number,
  code: string,
  detail?: unknown,
  headers: Record<string, string> = {},
): Answer {
  return json(
    status,
    { errors: [{ code, message: code.toLowerCase().replaceAll("_", " "), detail }] },
    headers,
  );
}
