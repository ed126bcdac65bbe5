// spack-oci sign: signs packages that a mirror already has.

import type { SignedTag, SignResult } from "@spack-oci/buildcache";
import { SpackOciError } from "@spack-oci/errors";
import { defineCommand } from "../declaration/command.js";
import { flag, text } from "../declaration/parameter.js";
import { dryRunOption } from "../options/common.js";
import { MIRROR_ARGUMENT } from "../options/mirror.js";
import { SIGNATURE_FORMAT_OPTION, signerOf } from "../options/signing.js";
import { SPECS_ARGUMENT } from "../options/specs.js";
import { statusOfAll } from "../process/exit-status.js";
import { failureLines } from "../render/failures.js";
import { errorToJson } from "../render/json.js";
import { indexErrors, indexLines, indexToJson } from "../render/package-index.js";
import type { CommandResult } from "../render/result.js";
import { formatCount } from "../render/units.js";

const NOTES = `\
The index is brought up to date with the tags, and signed again each time.
A signature vouches for what is in the mirror now. If somebody else could write
to it since you pushed, look first: "spack-oci check --deep" compares packages
with their hashes, and "spack-oci diff" with another mirror.`;

export const signCommand = defineCommand({
  name: "sign",
  summary: "Sign packages in a buildcache, as cosign does, and the package index.",
  examples: [
    { purpose: "Sign all packages with a key", line: "sign mochi --key cosign.key" },
    { purpose: "Sign zlib and what it runs with, in a CI job", line: "sign mochi zlib --keyless" },
  ],
  arguments: { mirror: MIRROR_ARGUMENT, specs: SPECS_ARGUMENT },
  options: {
    key: text(
      "--key <file>",
      "private key, in PEM or from cosign, or env://VARIABLE; a password comes from COSIGN_PASSWORD or a prompt",
    ),
    keyless: flag("--keyless", "sign with the OIDC identity of this CI job"),
    signatureFormat: SIGNATURE_FORMAT_OPTION,
    onlyPackage: flag("--only-package", "sign only the named packages, not their link and run dependencies"),
    dryRun: dryRunOption("what would be signed"),
  },
  notes: NOTES,
  async run({ mirror, specs, key, keyless, signatureFormat: format, onlyPackage, dryRun }, context) {
    const signer = await signerOf({ key, keyless, format }, context);
    if (signer === undefined) throw noSigner();
    const { sign } = await import("@spack-oci/buildcache");
    const target = context.session.mirrors.open(mirror, dryRun ? "fetch" : "push", { direct: true });
    const request = { specs, signer, only: onlyPackage, dryRun };
    return renderSign(await sign(target, request, context), signer.name);
  },
});

function noSigner(): SpackOciError {
  return new SpackOciError("ERR_USAGE", "There is nothing to sign with.", {
    kind: "usage",
    hint: "Name a key with --key FILE, or use --keyless in a CI job.",
  });
}

export function renderSign({ tags, index }: SignResult, signer: string): CommandResult {
  const failed = tags.flatMap((each) => (each.outcome === "failed" ? [{ name: each.tag, ...each }] : []));
  const signed = digestsOf(tags, "signed");
  const present = digestsOf(tags, "present");
  const planned = digestsOf(tags, "planned");
  const lines = planned.map(({ tag }) => `would sign ${tag}`);
  const counts = `Signed ${signed.length} of ${formatCount(tags.length, "package")} with ${signer}; ${present.length} already signed`;
  return {
    json: {
      planned,
      signed,
      present,
      failed: failed.map(({ tag, error }) => ({ tag, error: errorToJson(error) })),
      ...(index && { index: indexToJson(index) }),
    },
    lines: [
      ...lines,
      ...failureLines({ failed, skipped: [] }),
      ...(planned.length > 0 ? [] : [`${counts}${failed.length > 0 ? `, ${failed.length} failed` : ""}.`]),
      ...(index?.outcome === "written" ? ["Signed the package index."] : indexLines(index)),
    ],
    status: statusOfAll([...failed.map(({ error }) => error), ...indexErrors(index)]),
  };
}

function digestsOf(tags: readonly SignedTag[], outcome: "signed" | "present" | "planned") {
  return tags.flatMap((each) => (each.outcome === outcome ? [{ tag: each.tag, digest: each.digest }] : []));
}
