// A home directory of GnuPG with a key to sign with.

import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll } from "vitest";
import { onPath } from "./on-path.js";

/** Undefined if gpg is missing. */
export const gpgProgram = onPath("gpg");

const LONG_AGO = "--faked-system-time=20200101T000000";

export class GpgHome {
  /** A short path: gpg-agent has its socket there. */
  readonly directory = mkdtempSync("/tmp/gpg-");

  /** Call it in the body of a suite: the directory is removed after it. */
  constructor() {
    chmodSync(this.directory, 0o700);
    afterAll(() => {
      spawnSync("gpgconf", ["--homedir", this.directory, "--kill", "all"]);
      rmSync(this.directory, { recursive: true, force: true });
    });
  }

  /** Creates a key without a passphrase, years ago. @returns its fingerprint */
  createKey(name: string): string {
    const user = `${name} <${name}@example.invalid>`;
    this.run(LONG_AGO, "--passphrase", "", "--quick-gen-key", user, "ed25519", "sign", "never");
    const keys = this.run("--with-colons", "--list-secret-keys", name);
    return /^fpr:+([0-9A-F]{40}):/m.exec(keys)?.[1] ?? "";
  }

  /** Makes a key expire, shortly after it was created. */
  expire(key: string): void {
    this.run("--faked-system-time=20200102T000000", "--quick-set-expire", key, "1d");
  }

  /** Writes the public key to a file. @returns its path */
  exportKey(key: string): string {
    const file = join(this.directory, `${key}.asc`);
    this.run("--armor", "--yes", "--output", file, "--export", key);
    return file;
  }

  /** Runs gpg, which must succeed. @returns its output */
  run(...args: string[]): string {
    const env = { ...process.env, GNUPGHOME: this.directory };
    const { status, stdout, stderr } = spawnSync("gpg", ["--batch", ...args], { env, encoding: "utf8" });
    if (status !== 0) throw new Error(`gpg ${args.join(" ")} ended with ${status}: ${stderr}`);
    return stdout;
  }
}
