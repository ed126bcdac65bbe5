// Takes `binary_distribution` out of an archive without trusting its size.

import { SpackOciError } from "@spack-oci/errors";
import { MAX_BUILD_INFO } from "../tar/limits.js";
import type { TarMember } from "../tar/tar-reader.js";

/** @throws SpackOciError `ERR_BUILD_INFO_MALFORMED` if it is longer than {@link MAX_BUILD_INFO} */
export async function buildInfoBytes(member: TarMember): Promise<Buffer> {
  requireBuildInfoSize(member.header.name, member.header.size);
  return Buffer.from(await member.bytes());
}

/** @throws SpackOciError `ERR_BUILD_INFO_MALFORMED` if a member is longer than {@link MAX_BUILD_INFO} */
export function requireBuildInfoSize(name: string, size: number): void {
  if (size > MAX_BUILD_INFO) {
    throw new SpackOciError(
      "ERR_BUILD_INFO_MALFORMED",
      "The package's binary_distribution is larger than 16 MiB.",
      { kind: "corrupt", place: name },
    );
  }
}

/** The error for a layer without a build info. */
export function notAPackage(): SpackOciError {
  return new SpackOciError(
    "ERR_NOT_A_PACKAGE",
    "The layer is not a Spack package: it has no binary_distribution.",
    { kind: "corrupt" },
  );
}
