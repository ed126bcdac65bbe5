// Error bodies of registries, and of the proxies before them.

import { expect, test } from "vitest";
import { errorCodes, errorText, unknownBlobs } from "../../src/http/error-body.js";

const A = `sha256:${"a".repeat(64)}`;
const B = `sha256:${"b".repeat(64)}`;
const body = (...errors: unknown[]) => JSON.stringify({ errors });

test("reads the codes and messages of a registry's JSON", () => {
  const text = body({ code: "NAME_UNKNOWN", message: "no such name" }, { code: "DENIED" });
  expect(errorCodes(text)).toEqual(["NAME_UNKNOWN", "DENIED"]);
  expect(errorText(text)).toBe("NAME_UNKNOWN no such name; DENIED");
});

test("a body that is not a registry's has no codes, and explains itself unless it is a web page", () => {
  for (const text of ["", "busy", "<html>busy</html>", "[]", '{"errors":{}}'])
    expect(errorCodes(text)).toEqual([]);
  expect(errorText("busy\n")).toBe("busy");
  expect(errorText("  <html>busy</html>")).toBe("");
});

test("an explanation is one short line without control characters", () => {
  expect(errorText("a\u001b[31m\nb")).toBe("a [31m b");
  expect(errorText("x".repeat(1000))).toBe(`${"x".repeat(300)}...`);
});

test("finds unknown blobs in details and messages, each once", () => {
  const text = body(
    { code: "MANIFEST_BLOB_UNKNOWN", detail: { digest: A } },
    { code: "BLOB_UNKNOWN", message: `${B} and ${A} are unknown` },
    { code: "DENIED", detail: `sha256:${"c".repeat(64)}` },
  );
  expect(unknownBlobs(text)).toEqual([A, B]);
});
