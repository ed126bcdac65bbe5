// What Node itself rejects because of outside data: paths that no system has, and content that it cannot hold.

import { SpackOciError } from "@spack-oci/errors";

const TOO_LARGE: readonly (string | undefined)[] = [
  "ERR_STRING_TOO_LONG",
  "ERR_FS_FILE_TOO_LARGE",
  "ERR_BUFFER_TOO_LARGE",
];

/** @returns undefined for any other error */
export function limitOfNode(error: Error): SpackOciError | undefined {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ERR_INVALID_ARG_VALUE" && message.includes("without null bytes")) {
    const [, place] = /Received '(.*)'$/s.exec(message) ?? [];
    return new SpackOciError("ERR_PATH", "A path contains a NUL byte.", {
      kind: "usage",
      place,
      hint: "Check the paths in the configuration and the options.",
      cause: error,
    });
  }
  if (!TOO_LARGE.includes(code)) return undefined;
  return new SpackOciError("ERR_TOO_LARGE", "A file is too large to hold in memory.", {
    kind: "unsupported",
    hint: "Check the files that the command reads: configurations, lock files and databases are never that large.",
    cause: error,
  });
}
