// What @spack-oci/spack-store offers to other packages.

export { decodeFileName } from "@spack-oci/files";
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
export type { ByteRange, FileLocks, HeldLock, LockMode } from "./locks/locks.js";
export { loadFileLocks } from "./locks/posix-locks.js";
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
export { abandonedIn } from "./store/abandoned.js";
export { readInstallDatabase, updateInstallDatabase } from "./store/database-file.js";
export type { DatabaseLockOptions } from "./store/database-lock.js";
export type { StoreEvent, StoreListener } from "./store/events.js";
export { isInstalled, type Registration, registerInstalls } from "./store/installed.js";
export { readInstalledSpec } from "./store/installed-spec.js";
export { addPadding, filterPadding, paddedRootIn, withoutPadding } from "./store/padding.js";
export { fingerprintPrefix } from "./store/prefix-fingerprint.js";
export { acquirePrefixLock, type PrefixLockOptions, withPrefixLock } from "./store/prefix-lock.js";
export { type ReindexOptions, type ReindexResult, reindexStore } from "./store/reindex.js";
export type { UnreadableFile } from "./store/spec-files.js";
export { openStore, type Store, storeAt, storeOfInstallTree } from "./store/store.js";
export { sweepStore } from "./store/sweep-store.js";
