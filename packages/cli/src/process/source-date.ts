// The time that images claim to be made at, where the surroundings fix it.

import { SpackOciError } from "@spack-oci/errors";

/**
 * The time for reproducible images (https://reproducible-builds.org/specs/source-date-epoch/); undefined where none is set.
 *
 * @throws SpackOciError `ERR_SOURCE_DATE_EPOCH` (`usage`)
 */
export function sourceDate(environment: NodeJS.ProcessEnv): Date | undefined {
  const epoch = environment["SOURCE_DATE_EPOCH"];
  if (epoch === undefined || epoch === "") return undefined;
  if (/^\d{1,11}$/.test(epoch)) return new Date(Number(epoch) * 1000);
  throw new SpackOciError(
    "ERR_SOURCE_DATE_EPOCH",
    `SOURCE_DATE_EPOCH is "${epoch}", which is no number of seconds.`,
    {
      kind: "usage",
      place: "SOURCE_DATE_EPOCH",
      hint: "Set it to whole seconds since 1970, or unset it.",
    },
  );
}
