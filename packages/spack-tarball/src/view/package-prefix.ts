// Tells a package's prefix from the beginning of its layer, without reading the rest.

import { decompress } from "../compression/decompress.js";
import { readTar } from "../tar/tar-reader.js";
import { Anchor, noCommonPrefix } from "../unpack/anchor.js";
import { normaliseMemberName } from "../unpack/member-name.js";

const METADATA = "/.spack/";

/**
 * The absolute path of the prefix, as the first file in a `.spack` tells it; Spack packs that directory first. The stream is
 * closed after that.
 *
 * @throws SpackOciError `ERR_NO_COMMON_PREFIX` where there is no such file, and the errors of `readTar` and `decompress`
 */
export async function readPackagePrefix(layer: AsyncIterable<Buffer>): Promise<string> {
  for await (const { header } of readTar(decompress(layer))) {
    const name = normaliseMemberName(header.name);
    if (header.type === "directory" || !name.includes(METADATA)) continue;
    return `/${new Anchor().seeFile(name)}`;
  }
  throw noCommonPrefix("it has nothing in a .spack directory", "");
}
