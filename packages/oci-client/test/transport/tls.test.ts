// Certificates from all kinds of files: used, or rejected with the name of the file.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { readTls } from "../../src/transport/tls.js";

const directory = mkdtempSync(join(tmpdir(), "tls-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** The result of making a context from a file with this text. */
function tryText(text: string): "used" | "refused" {
  const file = join(directory, "ca.pem");
  writeFileSync(file, text);
  try {
    const { likely, full } = readTls({ caFiles: [file] }, { SSL_CERT_FILE: "/nonexistent" });
    for (const trust of [likely, full()]) expect(trust).toHaveProperty("secureContext");
    return "used";
  } catch (error) {
    expect(error).toMatchObject({ kind: "usage", code: "ERR_OCI_CERTIFICATE", place: file });
    return "refused";
  }
}

const good = rootCertificates[0] as string;

test("uses a bundle, whatever is between its certificates", () => {
  expect(tryText(`# comment\n${good}\nsome text\n${rootCertificates[1]}\n`)).toBe("used");
});

test("rejects a bundle with one bad certificate, wherever it is", () => {
  const bad = good.replace(/[A-Za-z]{20}/, "AAAAAAAAAAAAAAAAAAAA");
  for (const text of [`${bad}\n${good}`, `${good}\n${bad}`]) expect(tryText(text)).toBe("refused");
});

test("any text is used, or rejected with the name of the file", () => {
  const label = "-----BEGIN CERTIFICATE-----";
  const end = "-----END CERTIFICATE-----";
  const piece = fc.oneof(
    fc.constantFrom(label, end, "\n", good, "-----BEGIN PRIVATE KEY-----"),
    fc.base64String({ maxLength: 80 }),
    fc.string({ unit: "binary", maxLength: 20 }),
  );
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => void seen.add(tryText(pieces.join("\n")))),
    { numRuns: 40, seed: 4 },
  );
  expect([...seen].sort()).toEqual(["refused", "used"]);
});
