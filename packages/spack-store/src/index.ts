// What @spack-oci/spack-store offers to other packages.

export { decodeFileName } from "@spack-oci/files";
export type { Configuration } from "./configuration/configuration.js";
export type { InstallTree } from "./configuration/derived/install-tree.js";
export type { MirrorConnection, MirrorDirection } from "./configuration/derived/mirror-connection.js";
export { type Mirror, requireCredentials } from "./configuration/derived/mirrors.js";
export type { ConfiguredPermissions } from "./configuration/derived/permissions.js";
export { defaultPrefixInspections } from "./configuration/derived/prefix-inspections.js";
export { type BlamedLine, formatPlace } from "./configuration/yaml/blame.js";
export { type AddContext, type Addition, addRecords } from "./database/add-records.js";
export { databaseNodeJson, formatDatabase } from "./database/format-database.js";
export {
  buildIndexDocument,
  type IndexDocument,
  type IndexRecord,
  readIndexDocument,
} from "./database/index-document.js";
export { parseDatabase } from "./database/read-database.js";
export { databaseOf, databaseVersion, type InstallDatabase, type InstallRecord } from "./database/record.js";
export { checkSpecsFit } from "./database/writable.js";
export type { SpackEnvironment } from "./environment/environment.js";
export { lockfileToJson } from "./environment/format-lockfile.js";
export { type LockedRoot, type Lockfile, openLockfile } from "./environment/lockfile.js";
export { type OpenSpackOptions, openSpackInstance } from "./instance/open-spack-instance.js";
export { runSpackPython, type SpackPythonRequest } from "./instance/run-spack-python.js";
export type { SpackInstance } from "./instance/spack-instance.js";
export { formatIndentedJson, formatJson } from "./json/format.js";
export { type ParseJsonOptions, parseJson } from "./json/parse.js";
export { isJsonArray, isJsonObject, type Json, type JsonArray, type JsonObject } from "./json/value.js";
export { describeLayerEntry, type LayerEntry } from "./post-install/describe-layer-entry.js";
export { filterShebang, sbangLine } from "./post-install/filter-shebang.js";
export { type FinishOptions, finishPrefix } from "./post-install/finish-prefix.js";
export { groupId } from "./post-install/group.js";
export { installSbang } from "./post-install/install-sbang.js";
export {
  formatInstallTimes,
  type InstallPhase,
  type InstallTimes,
  writeInstallTimes,
} from "./post-install/install-times.js";
export { ManifestFile } from "./post-install/manifest-file.js";
export {
  type PackagePermissions,
  type PermissionLevel,
  packagePermissions,
} from "./post-install/permissions.js";
export { base32PrefixBits } from "./spec/base32.js";
export { fullClosure, isRuntimeDependency, runtimeClosure, specsToRelocate } from "./spec/closures.js";
export { nodeToJson } from "./spec/convert-node.js";
export {
  formatSpecDocument,
  parseSpecDocument,
  readSpecDocument,
  specDocumentToJson,
} from "./spec/document.js";
export {
  type DagHashOptions,
  dagHash,
  type HashedForm,
  type HashVerdict,
  verifyDagHash,
} from "./spec/hash.js";
export { microarchitectureFamily, ociArchitecture, ociVariant } from "./spec/microarchitectures.js";
export {
  allDependencyTypes,
  type DependencyType,
  type SpecAnnotations,
  type SpecArchitecture,
  type SpecDependency,
  type SpecDocument,
  type SpecExternal,
  type SpecGraph,
  type SpecNode,
} from "./spec/node.js";
export { readNode } from "./spec/read-node.js";
export {
  breadthFirst,
  postOrder,
  preOrder,
  sortedDependencies,
  type TraversalOptions,
  topological,
} from "./spec/traversal.js";
export { type FindOptions, renderFind } from "./spec-language/find/find.js";
export type { FindEnvironment } from "./spec-language/find/find-environment.js";
export { type FindSpecsOptions, findSpecs } from "./spec-language/find/find-specs.js";
export {
  type RelativesOptions,
  renderDependencies,
  renderDependents,
  renderLocation,
} from "./spec-language/find/relatives.js";
export type { OutputStyle } from "./spec-language/find/terminal.js";
export { formatAny, textOf } from "./spec-language/format/format-spec.js";
export { formatTree, type TreeOptions } from "./spec-language/format/format-tree.js";
export { type FormatNodeOptions, formatPath, formatSpec } from "./spec-language/format-node.js";
export { intersects, satisfies } from "./spec-language/matching/satisfies.js";
export type { ConcreteSpec, Spec } from "./spec-language/model/spec.js";
export { parseArguments } from "./spec-language/parser/command-line.js";
export type { ParseOptions, Toolchain } from "./spec-language/parser/parse-options.js";
export { parseSpec, parseSpecs } from "./spec-language/parser/parse-spec.js";
export {
  defaultProjections,
  findProjection,
  type ProjectionOptions,
  projectPath,
} from "./spec-language/projections/project-path.js";
export { catalogOf, catalogOfGraph, type SpecCatalog } from "./spec-language/query/catalog.js";
export { type FindOneOptions, findOne } from "./spec-language/query/find-one.js";
export { gitVersionsIn } from "./spec-language/query/git-versions.js";
export {
  anyStatus,
  type InstallStatus,
  type QueryOptions,
  queryCatalog,
  queryCatalogAny,
} from "./spec-language/query/query.js";
export { abandonedIn } from "./store/abandoned.js";
export { readInstallDatabase, updateInstallDatabase } from "./store/database-file.js";
export type { DatabaseLockOptions } from "./store/database-lock.js";
export type { StoreEvent, StoreListener } from "./store/events.js";
export { isInstalled, type Registration, registerInstalls } from "./store/installed.js";
export { readInstalledSpec } from "./store/installed-spec.js";
export type { ByteRange, FileLocks, HeldLock, LockMode } from "./store/locks.js";
export {
  addPadding,
  filterPadding,
  paddedRootIn,
  systemPaddedLength,
  withoutPadding,
} from "./store/padding.js";
export { loadFileLocks } from "./store/posix-locks.js";
export { fingerprintPrefix } from "./store/prefix-fingerprint.js";
export { acquirePrefixLock, type PrefixLockOptions, withPrefixLock } from "./store/prefix-lock.js";
export { type ReindexOptions, type ReindexResult, reindexStore } from "./store/reindex.js";
export type { UnreadableFile } from "./store/spec-files.js";
export { openStore, type Store, storeAt, storeOfInstallTree } from "./store/store.js";
export { sweepStore } from "./store/sweep-store.js";
