// What @spack-oci/spack-tarball offers to other packages.

export { compareFileNames, decodeFileName, encodeFileName, fileSystemPath } from "@spack-oci/files";
export type { BuildInfo } from "./build-info/build-info.js";
export { formatBuildInfo } from "./build-info/format-build-info.js";
export { parseBuildInfo } from "./build-info/parse-build-info.js";
export {
  COMPRESSIONS,
  type Compression,
  compressionOf,
  compressionOfMediaType,
  DEFAULT_COMPRESSION,
  type FoundCompression,
} from "./compression/compressions.js";
export { decompress } from "./compression/decompress.js";
export { spoolArchive } from "./compression/spool-archive.js";
export { type LayerSource, mergeLayers } from "./merge/merge-layers.js";
export { examineMove, type MoveFindings } from "./move/examine-move.js";
export { packMove } from "./move/pack-move.js";
export type { PrefixMove } from "./move/prefix-move.js";
export { type PackRequest, packPrefix } from "./pack/pack-prefix.js";
export { PrefixMap } from "./prefixes/prefix-map.js";
export { provenanceAtEnd, provenanceAtStart } from "./provenance/ends-of-layer.js";
export { type LayerProvenance, ProvenanceReader } from "./provenance/layer-provenance.js";
export { readProvenance, readProvenanceAtStart } from "./provenance/read-provenance.js";
export { redundantRpathDropper } from "./relocate/drop-redundant-rpaths.js";
export { relocatePrefix } from "./relocate/relocate-prefix.js";
export { RelocationError, type RelocationProblem } from "./relocate/relocation-error.js";
export { type RelocationTarget, relocationMap } from "./relocate/relocation-map.js";
export { isWithin } from "./tar/member-name.js";
export type { TarEntryType, TarHeader } from "./tar/tar-entry.js";
export { readTar, type TarMember } from "./tar/tar-reader.js";
export { type UnpackedLayer, unpackLayer } from "./unpack/unpack-layer.js";
export { packView } from "./view/pack-view.js";
export { readPackageTree } from "./view/package-tree.js";
export { type ViewConflict, ViewTree } from "./view/view-tree.js";
