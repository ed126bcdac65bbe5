// Certificates from files of every kind: used, or refused with the file's name.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { readTls } from "../../src/transport/tls.js";

const directory = mkdtempSync(join(tmpdir(), "tls-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** What making a context of a file with this text comes to. */
function tryText(text: string): "used" | "refused" {
  const file = join(directory, "ca.pem");
  writeFileSync(file, text);
  try {
    expect(readTls({ caFiles: [file] }, { SSL_CERT_FILE: "/nonexistent" })).toHaveProperty("secureContext");
    return "used";
  } catch (error) {
    expect(error).toMatchObject({ kind: "usage", code: "ERR_OCI_CERTIFICATE", place: file });
    return "refused";
  }
}

const good = rootCertificates[0] as string;

test("a bundle is used, with whatever stands between its certificates", () => {
  expect(tryText(`# comment\n${good}\nsome text\n${rootCertificates[1]}\n`)).toBe("used");
});

test("a bundle with one bad certificate is refused, wherever that is", () => {
  const bad = good.replace(/[A-Za-z]{20}/, "AAAAAAAAAAAAAAAAAAAA");
  for (const text of [`${bad}\n${good}`, `${good}\n${bad}`]) expect(tryText(text)).toBe("refused");
});

test("any text at all is used or refused with the file's name", () => {
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
