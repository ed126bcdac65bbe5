// Options for the signatures in Spack's own mirrors.

import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Session } from "@spack-oci/buildcache";
import { SpackOciError } from "@spack-oci/errors";
import { flag, text } from "../declaration/parameter.js";

export const GPG_OPTIONS = {
  gpgKeyring: text(
    "--gpg-keyring <path>",
    "copy only what these keys have signed: a GnuPG home, or a file of public keys",
  ),
  noCheckSignature: flag("--no-check-signature", "ignore the signatures in a Spack v3 mirror"),
  gpgKey: text("--gpg-key <key>", "sign what is written to a Spack v3 mirror with this key"),
};

interface GpgArguments {
  readonly gpgKeyring: string | undefined;
  readonly noCheckSignature: boolean;
  readonly gpgKey: string | undefined;
}

/** Which sides of a copy are Spack v3 mirrors. */
interface V3Sides {
  readonly from: boolean;
  readonly to: boolean;
}

/**
 * Without a keyring, signatures are verified with Spack's own, if there is one, and packages need not be signed.
 *
 * @throws SpackOciError `ERR_USAGE` for options that have no effect
 */
export function signatures(
  { gpgKeyring, noCheckSignature, gpgKey }: GpgArguments,
  session: Session,
  v3: V3Sides,
) {
  if (gpgKeyring !== undefined && noCheckSignature)
    throw usage("--gpg-keyring excludes --no-check-signature.");
  if (gpgKeyring !== undefined && !v3.from)
    throw usage("--gpg-keyring is for copies from a Spack v3 mirror.");
  if (gpgKey !== undefined && !v3.to) throw usage("--gpg-key is for copies to a Spack v3 mirror.");
  if (!v3.from && !v3.to) return {};
  const own = homeOfSpack(session);
  const named = gpgKeyring === undefined ? undefined : resolve(gpgKeyring);
  const keyring = named ?? (noCheckSignature ? undefined : own);
  return {
    verifySignatures: keyring === undefined ? undefined : { keyring, isRequired: named !== undefined },
    signWith: gpgKey === undefined ? undefined : { key: gpgKey, home: own },
  };
}

/** Where Spack has its keys, if it has any (Spack: util/gpg.py, `init`). */
function homeOfSpack({ environmentVariables, spack }: Session): string | undefined {
  const root = spack.instanceIfAny?.root;
  const home = environmentVariables["SPACK_GNUPGHOME"] ?? (root && join(root, "opt", "spack", "gpg"));
  return home !== undefined && existsSync(home) && statSync(home).isDirectory() ? home : undefined;
}

function usage(message: string): SpackOciError {
  return new SpackOciError("ERR_USAGE", message, { kind: "usage", hint: `See "spack-oci copy --help".` });
}
