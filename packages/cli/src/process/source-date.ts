// The creation time of images, if the environment fixes it.

import { SpackOciError } from "@spack-oci/errors";

/**
 * The time for reproducible images (https://reproducible-builds.org/specs/source-date-epoch/); undefined if unset.
 *
 * @throws SpackOciError `ERR_SOURCE_DATE_EPOCH` (`usage`)
 */
export function sourceDate(environment: NodeJS.ProcessEnv): Date | undefined {
  const epoch = environment["SOURCE_DATE_EPOCH"];
  if (epoch === undefined || epoch === "") return undefined;
  if (/^\d{1,11}$/.test(epoch)) return new Date(Number(epoch) * 1000);
  throw new SpackOciError(
    "ERR_SOURCE_DATE_EPOCH",
    `SOURCE_DATE_EPOCH is "${epoch}", which is not a number of seconds.`,
    {
      kind: "usage",
      place: "SOURCE_DATE_EPOCH",
      hint: "Set it to whole seconds since 1970, or unset it.",
    },
  );
}
