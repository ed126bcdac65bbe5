// Verifies clearsigned texts with the keys of a keyring.

import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SpackOciError } from "@spack-oci/errors";
import { runGpg } from "./run-gpg.js";

/** Which signatures are accepted. */
export interface VerificationRequest {
  /** A home directory of GnuPG, such as Spack's own, or a file of exported public keys. */
  readonly keyring: string;
  /** Whether everything has to be signed; if not, only what is signed is verified. */
  readonly isRequired: boolean;
}

/** Verifies texts, one gpg for each. */
export interface ClearsignVerifier {
  readonly isRequired: boolean;
  /**
   * @param text a clearsigned text
   * @param place names it in errors
   * @returns what was signed, as gpg has read it: nothing around it can be mistaken for it
   * @throws SpackOciError `ERR_GPG_SIGNATURE` (`corrupt`), `ERR_GPG_MISSING`
   */
  verify(text: string, place: string, signal?: AbortSignal): Promise<string>;
  /** Removes temporary files. */
  close(): Promise<void>;
}

/**
 * Like Spack, accepts every key of the keyring, however it is trusted (Spack: util/gpg.py, `verify`). Unlike Spack, rejects
 * keys that have expired or are revoked.
 *
 * @throws SpackOciError `ERR_GPG_KEYRING` if there is no such keyring, or no key in it, and `ERR_GPG_MISSING`
 */
export async function openVerifier({ keyring, isRequired }: VerificationRequest): Promise<ClearsignVerifier> {
  const { home, close } = await openKeyring(keyring);
  return {
    isRequired,
    close,
    async verify(text, place, signal) {
      const args = ["--trust-model", "always", "--no-auto-key-retrieve", "--disable-dirmngr", "--decrypt"];
      const { exitStatus, stdout, stderr, status } = await runGpg(args, { home, input: text, signal });
      const why = exitStatus === 0 ? flawIn(status) : (flawIn(status) ?? lastLine(stderr));
      if (why === undefined) return stdout.toString("utf8");
      throw new SpackOciError("ERR_GPG_SIGNATURE", `Signature rejected: ${why} (${place}).`, {
        kind: "corrupt",
        place,
        hint: `Keys are from ${keyring}. If you trust the signer, import the key ("spack gpg trust FILE").`,
      });
    },
  };
}

/** A home directory of GnuPG with the keys. */
async function openKeyring(
  keyring: string,
): Promise<{ readonly home: string; readonly close: () => Promise<void> }> {
  const found = await stat(keyring).catch((cause: unknown) => {
    throw badKeyring(keyring, "cannot be read", cause);
  });
  if (found.isDirectory()) return { home: keyring, close: async () => {} };
  const home = await mkdtemp(join(tmpdir(), "spack-oci-gpg-"));
  const close = () => rm(home, { recursive: true, force: true });
  try {
    const { status, stderr } = await runGpg(["--no-autostart", "--import", keyring], { home });
    if (!status.some((line) => line.startsWith("IMPORT_OK")))
      throw badKeyring(keyring, `has no public keys: ${lastLine(stderr)}`);
    return { home, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Why the signatures of a text are not accepted; undefined if there is exactly one, and it is good. */
function flawIn(status: readonly string[]): string | undefined {
  const flaw = status.map(describe).find((text) => text !== undefined);
  if (flaw !== undefined) return flaw;
  const count = (name: string) => status.filter((line) => line.startsWith(`${name} `)).length;
  if (count("GOODSIG") === 1 && count("VALIDSIG") === 1 && count("PLAINTEXT") === 1) return undefined;
  return count("GOODSIG") === 0 ? "gpg found no good signature" : "there is more than one signed text";
}

const FLAWS: Readonly<Record<string, (key: string) => string>> = {
  BADSIG: (key) => `the text was changed after the key ${key} signed it`,
  NO_PUBKEY: (key) => `the key ${key} is not in the keyring`,
  EXPSIG: (key) => `the signature of the key ${key} has expired`,
  EXPKEYSIG: (key) => `the key ${key} has expired`,
  REVKEYSIG: (key) => `the key ${key} was revoked`,
};

function describe(line: string): string | undefined {
  const [name = "", key = ""] = line.split(" ");
  return FLAWS[name]?.(key);
}

function lastLine(text: string): string {
  return (
    text
      .split("\n")
      .at(-1)
      ?.replace(/^gpg: /, "") ?? ""
  );
}

function badKeyring(keyring: string, why: string, cause?: unknown): SpackOciError {
  return new SpackOciError("ERR_GPG_KEYRING", `The keyring ${keyring} ${why}.`, {
    kind: "usage",
    place: keyring,
    cause,
    hint: "Name a home directory of GnuPG, or a file of public keys that gpg --export wrote.",
  });
}
