// Every length that this package accepts of what is in a buildcache, far above what is real. What is beyond a limit is
// rejected as corrupt before it is held in memory. The lengths of layers and lists are in the limits.ts of
// spack-tarball and oci-client.

/**
 * Bytes of a package index, unpacked. One of 100 000 packages has 170 MB. Without a cache, an index is held in memory.
 */
export const MAX_INDEX_SIZE: number = 400 * 1024 * 1024;

/**
 * Bytes of an image's config, or of a spec in a v3 mirror, unpacked. One with a thousand dependencies has about 2 MB.
 */
export const MAX_CONFIG_SIZE: number = 8 * 1024 * 1024;

/** Bytes of a manifest in a v3 mirror, which lists two or three blobs in a kilobyte. */
export const MAX_MIRROR_FILE_SIZE: number = 1024 * 1024;
