// The codec of every compression in the table. A compression without one does not compile.

import type { Codec, Decoder } from "./codec.js";
import type { Compression, FoundCompression } from "./compressions.js";
import { gzipCodec } from "./gzip-codec.js";
import { plainDecoder } from "./plain-decoder.js";
import { zstdCodec } from "./zstd-codec.js";

type Codecs = Readonly<Record<FoundCompression, Decoder> & Record<Compression, Codec>>;

export const CODECS: Codecs = {
  gzip: gzipCodec,
  zstd: zstdCodec,
  none: plainDecoder,
};
