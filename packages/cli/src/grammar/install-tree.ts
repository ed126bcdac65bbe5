// The options that shape an install tree whose root another option names.

import { InvalidArgumentError, Option } from "commander";
import { wholeNumber } from "./common.js";

export function paddedLength(): Option {
  return new Option("--padded-length <n>", "pad that root to this many characters").argParser(
    wholeNumber(0, 4096, "of characters "),
  );
}

export function projection(): Option {
  return new Option(
    "--projection <spec=format>",
    "where packages go below that root; may be repeated",
  ).argParser(collectProjection);
}

function collectProjection(text: string, known: Map<string, string> | undefined): Map<string, string> {
  const [, key, format] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (key === undefined || format === undefined) {
    throw new InvalidArgumentError(`It must be like "all={name}-{version}-{hash}".`);
  }
  return new Map([...(known ?? []), [key, format]]);
}
