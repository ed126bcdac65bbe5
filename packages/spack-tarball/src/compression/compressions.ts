// How layers may be compressed: one table from which media types, detection, codecs and the choices of a command line
// derive. It imports nothing, so that a command line can list the choices without loading what compresses; see
// codecs.ts for that.

interface CompressionFacts {
  /** Bytes that every stream begins with; none if nothing marks it. */
  readonly magic: readonly number[];
  /** Media type of a layer (OCI image specification, "Image Layer Filesystem Changeset"). */
  readonly mediaType: string;
  /** Whether layers are written with it, or only read. */
  readonly isWritten: boolean;
}

/** Every compression of layers that can be read, by the name that Spack has for it. */
export const COMPRESSIONS = {
  gzip: {
    magic: [0x1f, 0x8b],
    mediaType: "application/vnd.oci.image.layer.v1.tar+gzip",
    isWritten: true,
  },
  zstd: {
    magic: [0x28, 0xb5, 0x2f, 0xfd],
    mediaType: "application/vnd.oci.image.layer.v1.tar+zstd",
    isWritten: true,
  },
  none: {
    magic: [],
    mediaType: "application/vnd.oci.image.layer.v1.tar",
    isWritten: false,
  },
} as const satisfies Record<string, CompressionFacts>;

/** How an existing layer is compressed. */
export type FoundCompression = keyof typeof COMPRESSIONS;

/** How a new layer is compressed. */
export type Compression = {
  [Name in FoundCompression]: (typeof COMPRESSIONS)[Name]["isWritten"] extends true ? Name : never;
}[FoundCompression];

/** Every Spack reads gzip; zstd is faster and smaller, but Spack needs Python 3.14 to read it. */
export const DEFAULT_COMPRESSION: Compression = "gzip";

const FOUND_COMPRESSIONS = Object.keys(COMPRESSIONS) as FoundCompression[];

/** What a command line offers as choices. */
export const WRITTEN_COMPRESSIONS: readonly Compression[] = FOUND_COMPRESSIONS.filter(
  (name): name is Compression => COMPRESSIONS[name].isWritten,
);

/** Bytes of a stream that {@link compressionOf} needs. */
export const MAGIC_LENGTH: number = Math.max(
  ...FOUND_COMPRESSIONS.map((name) => COMPRESSIONS[name].magic.length),
);

/**
 * The compression of a layer by its first bytes; `none` for everything that has no known mark.
 *
 * @param start the first {@link MAGIC_LENGTH} bytes, or fewer if the layer is shorter
 *
 * @example
 * ```ts
 * import { gzipSync } from "node:zlib";
 * import { compressionOf } from "@spack-oci/spack-tarball";
 *
 * console.log(compressionOf(gzipSync("x")), compressionOf(Buffer.from("x"))); // gzip none
 * ```
 */
export function compressionOf(start: Uint8Array): FoundCompression {
  const isMarked = (name: FoundCompression) => {
    const { magic } = COMPRESSIONS[name];
    return magic.length > 0 && magic.every((byte, index) => start[index] === byte);
  };
  return FOUND_COMPRESSIONS.find(isMarked) ?? "none";
}

/**
 * The compression that a layer's media type stands for, be it OCI's or Docker's
 * (`application/vnd.docker.image.rootfs.diff.tar.gzip`): both end in its name.
 *
 * @returns undefined for a media type of another compression, or of something else
 *
 * @example
 * ```ts
 * import { compressionOfMediaType } from "@spack-oci/spack-tarball";
 *
 * console.log(compressionOfMediaType("application/vnd.oci.image.layer.v1.tar+zstd")); // zstd
 * ```
 */
export function compressionOfMediaType(mediaType: string): FoundCompression | undefined {
  const suffix = lastPartOf(mediaType);
  return FOUND_COMPRESSIONS.find((name) => lastPartOf(COMPRESSIONS[name].mediaType) === suffix);
}

function lastPartOf(mediaType: string): string | undefined {
  return mediaType.split(/[.+]/).at(-1);
}
