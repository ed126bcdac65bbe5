// Takes `binary_distribution` out of an archive, without trusting its size.

import { SpackOciError } from "@spack-oci/errors";
import type { TarMember } from "../tar/tar-reader.js";

/** More than any list of files; a larger one is refused rather than held in memory. */
export const MAX_BUILD_INFO: number = 64 * 1024 * 1024;

/** @throws SpackOciError `ERR_BUILD_INFO_MALFORMED` where it is absurdly large */
export async function buildInfoBytes(member: TarMember): Promise<Buffer> {
  const { name, size } = member.header;
  if (size > MAX_BUILD_INFO) {
    throw new SpackOciError(
      "ERR_BUILD_INFO_MALFORMED",
      "The package's binary_distribution is absurdly large.",
      { kind: "corrupt", place: name },
    );
  }
  return Buffer.from(await member.bytes());
}
