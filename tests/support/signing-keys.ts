// Keys in files, for tests that sign.

import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** The files of a key and its public half. */
export interface KeyFiles {
  readonly key: string;
  readonly pub: string;
}

/** Writes a key (ECDSA P-256) as `NAME.key` and `NAME.pub`. */
export function writeKeys(directory: string, name: string): KeyFiles {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const files = { key: join(directory, `${name}.key`), pub: join(directory, `${name}.pub`) };
  writeFileSync(files.key, privateKey.export({ format: "pem", type: "pkcs8" }), { mode: 0o600 });
  writeFileSync(files.pub, publicKey.export({ format: "pem", type: "spki" }), { mode: 0o644 });
  return files;
}
