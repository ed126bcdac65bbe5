// Clearsigns texts with a secret key.

import { SpackOciError } from "@spack-oci/errors";
import { type GpgRun, runGpg } from "./run-gpg.js";

/** A secret key of the user. */
export interface SigningKey {
  /** A fingerprint, or anything else that gpg takes for `--local-user`. */
  readonly key: string;
  /** The home directory of GnuPG that has it; the user's own if undefined. */
  readonly home?: string | undefined;
}

export type Clearsign = (text: string, signal?: AbortSignal) => Promise<string>;

/**
 * Makes sure that the key exists before anything is written.
 *
 * @throws SpackOciError `ERR_GPG_KEY` (`not-found`), `ERR_GPG_MISSING`
 * @returns throws `ERR_GPG_SIGN` (`failed`), for example if nobody enters the passphrase
 */
export async function openSigner({ key, home }: SigningKey): Promise<Clearsign> {
  const found = await runGpg(["--list-secret-keys", "--", key], { home });
  if (found.exitStatus !== 0) throw unknownKey(key, found);
  return async (text, signal) => {
    // As Spack does (Spack: util/gpg.py, `sign`).
    const args = ["--clearsign", "--armor", "--local-user", key, "--output", "-"];
    const run = await runGpg(args, { home, input: text, signal });
    if (run.exitStatus === 0 && run.stdout.length > 0) return run.stdout.toString("utf8");
    throw new SpackOciError("ERR_GPG_SIGN", `gpg could not sign with the key ${key}: ${run.stderr}`, {
      kind: "failed",
      place: key,
      hint: `If the key has a passphrase, gpg-agent has to know it, or needs a terminal to ask ("export GPG_TTY=$(tty)").`,
    });
  };
}

function unknownKey(key: string, { stderr }: GpgRun): SpackOciError {
  return new SpackOciError("ERR_GPG_KEY", `There is no secret key ${key}: ${stderr}`, {
    kind: "not-found",
    place: key,
    hint: `Name one that "spack gpg list --signing" lists, or create one with "spack gpg create NAME EMAIL".`,
  });
}
