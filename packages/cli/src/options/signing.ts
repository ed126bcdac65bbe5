// Options for signing what a command writes.

import type { ImageSigner } from "@spack-oci/buildcache";
import { SpackOciError } from "@spack-oci/errors";
import type { CommandContext } from "../declaration/command-context.js";
import { choice, flag, text, withDefault } from "../declaration/parameter.js";

export const SIGNATURE_FORMAT_OPTION = withDefault(
  choice(
    "--signature-format <format>",
    "a Sigstore bundle, or cosign's older form (simple), for old verifiers",
    ["bundle", "simple"],
  ),
  "bundle",
);

export const SIGN_OPTIONS = {
  ...signerOptions("images and the index"),
  signatureFormat: SIGNATURE_FORMAT_OPTION,
};

/** For commands that write no image, only the package index. */
export const INDEX_SIGN_OPTIONS = signerOptions("the index");

function signerOptions(what: string) {
  return {
    signKey: text(
      "--sign-key <file>",
      `sign ${what} with this key, in PEM or from cosign, or env://VARIABLE; a password comes from COSIGN_PASSWORD or a prompt`,
    ),
    signKeyless: flag("--sign-keyless", `sign ${what} with the OIDC identity of this CI job`),
  };
}

/** Who is to sign, and how. */
export interface SignValues {
  readonly key: string | undefined;
  readonly keyless: boolean;
  readonly format: "bundle" | "simple";
}

/**
 * Opens the key before anything is written.
 *
 * @returns undefined if nothing is to be signed
 * @throws SpackOciError `ERR_USAGE` if a key and the identity of the job are named, and as `openSigner` does
 */
export async function signerOf(
  { key, keyless, format }: SignValues,
  { session, readSecret }: Pick<CommandContext, "session" | "readSecret">,
): Promise<ImageSigner | undefined> {
  if (key !== undefined && keyless) {
    throw new SpackOciError("ERR_USAGE", "An image is signed either with a key or without one.", {
      kind: "usage",
      hint: "Leave out the key, or the option that signs without one.",
    });
  }
  if (key === undefined && !keyless) return undefined;
  const { openSigner } = await import("@spack-oci/buildcache");
  const askPassword = (path: string) => readSecret(`Password of ${path}: `);
  return openSigner({ key, format, askPassword }, session.environmentVariables);
}

/** The signer that {@link SIGN_OPTIONS} or {@link INDEX_SIGN_OPTIONS} name. */
export function signerOfOptions(
  values: {
    readonly signKey: string | undefined;
    readonly signKeyless: boolean;
    readonly signatureFormat?: "bundle" | "simple";
  },
  context: Pick<CommandContext, "session" | "readSecret">,
): Promise<ImageSigner | undefined> {
  const { signKey: key, signKeyless: keyless, signatureFormat: format = "bundle" } = values;
  return signerOf({ key, keyless, format }, context);
}
