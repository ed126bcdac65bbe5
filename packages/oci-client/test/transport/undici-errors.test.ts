// The explanation of connection errors, and whether another attempt may help.

import { expect, test } from "vitest";
import { ConnectionError } from "../../src/http/connection-error.js";
import { explainConnection } from "../../src/transport/undici-errors.js";

const request = {
  method: "GET" as const,
  url: "https://registry.example/v2/",
  repository: "a",
  scopes: [],
  place: "registry.example/a",
};
const explain = (code: string) =>
  explainConnection(Object.assign(new Error("underneath"), { code }), request) as ConnectionError;

test.each([
  ["ECONNREFUSED", "refused the connection", true],
  ["ENOTFOUND", "has no address", false],
  ["EAI_AGAIN", "could not be resolved", true],
  ["UND_ERR_HEADERS_TIMEOUT", "did not answer in time", true],
  ["HPE_INVALID_CONSTANT", "sent an answer that is not HTTP", true],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "has an untrusted certificate", false],
  ["ERR_SSL_WRONG_VERSION_NUMBER", "does not speak https", false],
  ["EWHATEVER", "could not be reached", false],
])("%s: the host %s", (code, says, retryable) => {
  const error = explain(code);
  expect(error).toBeInstanceOf(ConnectionError);
  expect(error.message).toBe(`registry.example/a: registry.example ${says} (${code}: underneath).`);
  expect(error).toMatchObject({ kind: "unreachable", place: "registry.example/a", retryable });
});

test("finds the code in causes and in the attempts of all addresses", () => {
  const reset = Object.assign(new Error("reset"), { code: "ECONNRESET" });
  const wrapped = new TypeError("fetch failed", { cause: new AggregateError([reset]) });
  expect(explainConnection(wrapped, request)).toMatchObject({ retryable: true });
});

test("an error without a code is not the connection's fault", () => {
  const error = new RangeError("a bug");
  expect(explainConnection(error, request)).toBe(error);
});
