// What @spack-oci/spack-store offers to other packages.

export type { Addition } from "./database/add-records.js";
export { databaseNodeJson } from "./database/format-database.js";
export { installedDependents } from "./database/installed-dependents.js";
export { parseDatabase } from "./database/read-database.js";
export { databaseOf, type InstallDatabase, type InstallRecord } from "./database/record.js";
export { unusedRecords } from "./database/unused-records.js";
export { withUpstreams } from "./database/with-upstreams.js";
export { checkSpecsFit } from "./database/writable.js";
export { loadFileLocks } from "./locks/load-file-locks.js";
export { type FileLocks, type HeldLock, type LockMode, WHOLE_FILE } from "./locks/locks.js";
export { type BuiltIndex, buildIndex } from "./package-index/build-index.js";
export type { IndexContent } from "./package-index/index-node.js";
export type { IndexTable } from "./package-index/index-table.js";
export {
  openPackageIndex,
  type PackageIndex,
  readPackageIndex,
} from "./package-index/package-index.js";
export { scanIndex } from "./package-index/scan-index.js";
export { formatTable, parseTable } from "./package-index/table-file.js";
export { ArrivingPrefix } from "./post-install/arriving-prefix.js";
export { describeLayerEntry, type LayerEntry } from "./post-install/describe-layer-entry.js";
export { filterShebang, sbangLine } from "./post-install/filter-shebang.js";
export { finishArrived } from "./post-install/finish-arrived.js";
export { groupId } from "./post-install/group.js";
export { installSbang } from "./post-install/install-sbang.js";
export { formatInstallTimes, INSTALL_TIMES_PATH, type InstallTimes } from "./post-install/install-times.js";
export { MANIFEST_PATH, ManifestFile } from "./post-install/manifest-file.js";
export { type PackagePermissions, packagePermissions } from "./post-install/permissions.js";
export { isStoreSlow, type WriteOptions, writePrefix } from "./post-install/write-prefix.js";
export { abandonedIn } from "./store/abandoned.js";
export { readInstallDatabase, updateInstallDatabase } from "./store/database-file.js";
export type { DatabaseLockOptions } from "./store/database-lock.js";
export { isInstalled, registerInstalls } from "./store/installed.js";
export { readInstalledSpec } from "./store/installed-spec.js";
export { isDirectory } from "./store/is-directory.js";
export { addPadding, filterPadding, paddedRootIn, withoutPadding } from "./store/padding.js";
export { fingerprintPrefix } from "./store/prefix-fingerprint.js";
export { acquirePrefixLock } from "./store/prefix-lock.js";
export { type ReindexResult, reindexStore } from "./store/reindex.js";
export { RememberedDatabase } from "./store/remembered-database.js";
export { type RemovalOptions, type RemovalOutcome, removeInstall } from "./store/remove-install.js";
export { removeTree } from "./store/remove-tree.js";
export { openStore, type Store, storeAt, storeOfInstallTree } from "./store/store.js";
export { sweepStore } from "./store/sweep-store.js";
