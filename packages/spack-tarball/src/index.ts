// What the package offers.

export type { OnRefusal, Refusal } from "@spack-oci/files";
export type { BuildInfo } from "./build-info/build-info.js";
export { parseBuildInfo } from "./build-info/parse-build-info.js";
export type { Allowance } from "./compression/allowance.js";
export { compressArchive } from "./compression/compress-archive.js";
export {
  COMPRESSIONS,
  type Compression,
  compressionOf,
  compressionOfMediaType,
  DEFAULT_COMPRESSION,
  type FoundCompression,
} from "./compression/compressions.js";
export { decompress } from "./compression/decompress.js";
export { decompressWhole } from "./compression/decompress-whole.js";
export { spoolArchive } from "./compression/spool-archive.js";
export { mergeLayers } from "./merge/merge-layers.js";
export { examineMove, type MoveFindings } from "./move/examine-move.js";
export { packMove } from "./move/pack-move.js";
export type { PrefixMove } from "./move/prefix-move.js";
export { packAtOnce } from "./pack/pack-at-once.js";
export { type PackRequest, packPrefix } from "./pack/pack-prefix.js";
export { PrefixMap } from "./prefixes/prefix-map.js";
export { provenanceAtEnd, provenanceAtStart } from "./provenance/ends-of-layer.js";
export { type LayerProvenance, ProvenanceReader } from "./provenance/layer-provenance.js";
export { readProvenance, readProvenanceAtStart } from "./provenance/read-provenance.js";
export { RunPaths, redundantRpathDropper } from "./relocate/drop-redundant-rpaths.js";
export { lookUpInMemory } from "./relocate/own-entries.js";
export { ArrivingRelocation } from "./relocate/relocate-arriving.js";
export { type CopyMaps, relocateCopy } from "./relocate/relocate-copy.js";
export { relocateInMemory } from "./relocate/relocate-in-memory.js";
export { relocatedTarget } from "./relocate/relocate-link.js";
export { relocatePrefix } from "./relocate/relocate-prefix.js";
export { RelocationError, type RelocationProblem, whyBlocked } from "./relocate/relocation-error.js";
export { relocationMap } from "./relocate/relocation-map.js";
export { withText } from "./relocate/with-text.js";
export { isWithin } from "./tar/member-name.js";
export type { TarHeader } from "./tar/tar-entry.js";
export { readTar, type TarMember } from "./tar/tar-reader.js";
export type { EntryContent, EntryPlace, EntryWriter } from "./unpack/entry-writer.js";
export { type LayerArchive, openArchive } from "./unpack/layer-archive.js";
export { type PackageInMemory, unpackInMemory } from "./unpack/unpack-in-memory.js";
export { streamPackage, unpackLayer } from "./unpack/unpack-layer.js";
export { packView } from "./view/pack-view.js";
export { readPackageTree } from "./view/package-tree.js";
export { type ViewConflict, ViewTree } from "./view/view-tree.js";
