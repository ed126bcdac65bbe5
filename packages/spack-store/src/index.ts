// What @spack-oci/spack-store offers to other packages.

export type { Addition } from "./database/add-records.js";
export { databaseNodeJson } from "./database/format-database.js";
export { buildIndexDocument, type IndexDocument, readIndexDocument } from "./database/index-document.js";
export { parseDatabase } from "./database/read-database.js";
export { databaseOf, type InstallDatabase, type InstallRecord } from "./database/record.js";
export { checkSpecsFit } from "./database/writable.js";
export { loadFileLocks } from "./locks/load-file-locks.js";
export type { FileLocks, HeldLock, LockMode } from "./locks/locks.js";
export { describeLayerEntry, type LayerEntry } from "./post-install/describe-layer-entry.js";
export { filterShebang, sbangLine } from "./post-install/filter-shebang.js";
export { finishPrefix } from "./post-install/finish-prefix.js";
export { groupId } from "./post-install/group.js";
export { installSbang } from "./post-install/install-sbang.js";
export { formatInstallTimes, type InstallTimes, writeInstallTimes } from "./post-install/install-times.js";
export { ManifestFile } from "./post-install/manifest-file.js";
export { type PackagePermissions, packagePermissions } from "./post-install/permissions.js";
export { abandonedIn } from "./store/abandoned.js";
export { readInstallDatabase, updateInstallDatabase } from "./store/database-file.js";
export type { DatabaseLockOptions } from "./store/database-lock.js";
export { isInstalled, registerInstalls } from "./store/installed.js";
export { readInstalledSpec } from "./store/installed-spec.js";
export { addPadding, filterPadding, paddedRootIn, withoutPadding } from "./store/padding.js";
export { fingerprintPrefix } from "./store/prefix-fingerprint.js";
export { acquirePrefixLock } from "./store/prefix-lock.js";
export { type ReindexResult, reindexStore } from "./store/reindex.js";
export { openStore, type Store, storeAt, storeOfInstallTree } from "./store/store.js";
export { sweepStore } from "./store/sweep-store.js";
