// The error for a section that does not exist, with the one that was probably meant.

import { SpackOciError, similarWord } from "@spack-oci/errors";
import { SECTION_NAMES } from "./sections.js";

export function unknownSection(section: string): SpackOciError {
  const meant = similarWord(section, SECTION_NAMES);
  const question = meant === undefined ? "" : ` Did you mean ${meant}?`;
  const message = `${section} is not a section of Spack's configuration.${question}`;
  return new SpackOciError("ERR_CONFIG_SECTION", message, {
    kind: "usage",
    place: section,
    hint: `The sections are ${SECTION_NAMES.join(", ")}.`,
  });
}
