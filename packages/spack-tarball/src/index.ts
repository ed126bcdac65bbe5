// What @spack-oci/spack-tarball offers to other packages.

export { BUILD_INFO_PATH, type BuildInfo } from "./build-info/build-info.js";
export { formatBuildInfo } from "./build-info/format-build-info.js";
export { parseBuildInfo } from "./build-info/parse-build-info.js";
export { decompress } from "./compression/decompress.js";
export { type Compression, type SpooledLayer, spoolArchive } from "./compression/spool-archive.js";
export { type LayerSource, mergeLayers } from "./merge/merge-layers.js";
export { examineMove, type MoveFindings } from "./move/examine-move.js";
export { packMove } from "./move/pack-move.js";
export type { PrefixMove } from "./move/prefix-move.js";
export { compareFileNames, decodeFileName, encodeFileName, fileSystemPath } from "./names/file-name.js";
export { type PackRequest, packPrefix } from "./pack/pack-prefix.js";
export { PrefixMap } from "./prefixes/prefix-map.js";
export { dropRedundantRpaths } from "./relocate/drop-redundant-rpaths.js";
export { relocatePrefix } from "./relocate/relocate-prefix.js";
export { RelocationError, type RelocationProblem } from "./relocate/relocation-error.js";
export { type RelocationTarget, relocationMap } from "./relocate/relocation-map.js";
export type { TarEntryType, TarHeader } from "./tar/tar-entry.js";
export { readTar, type TarMember } from "./tar/tar-reader.js";
export { isWithin } from "./unpack/member-name.js";
export { type UnpackedLayer, unpackLayer } from "./unpack/unpack-layer.js";
export { packView } from "./view/pack-view.js";
export { readPackagePrefix } from "./view/package-prefix.js";
export { readPackageTree } from "./view/package-tree.js";
export { type ViewConflict, ViewTree } from "./view/view-tree.js";
