// The public surface of @spack-oci/buildcache: the verbs, their requests, events and results.

export type { BuildRecord, BuildResource, Tool } from "@spack-oci/bill-of-materials";
export type { BillDocument } from "./bills/bills-of-package.js";
export type { ProvenanceRequest } from "./build-statement/attach-provenance.js";
export { requestedEnvironment, requestedLockfiles, type SpecRequest } from "./catalog/spec-request.js";
export type { BuildcacheEvent, Listener, PackageName, ViewResult } from "./events/events.js";
export { asSpackOciError } from "./failures/failure.js";
export { type ItemResult, requireAll } from "./failures/require-all.js";
export type { Finding, Severity } from "./findings/finding.js";
export { type EnvironmentModification, modifyEnvironment } from "./image-env/modifications.js";
export type { InstallTree, InstallTreeRequest } from "./install-tree/install-tree.js";
export type { Annotations } from "./package-image/image-manifest.js";
export type { PushedImage, RunnableImage } from "./package-image/pushed-image.js";
export { packageTag } from "./package-image/tags.js";
export type { MergeIndexResult } from "./package-index/merge-index.js";
export type { SkippedTag } from "./package-index/scan-tags.js";
export type { AuditedPackage } from "./provenance/audit-package.js";
export type { Buildcache, Run } from "./schedule/run.js";
export type { PackageResult } from "./schedule/run-packages.js";
export { createScheduler, type Scheduler } from "./schedule/scheduler.js";
export type { Verification } from "./session/mirror-verifier.js";
export type { RegistryOptions } from "./session/open-mirror.js";
export { openSigner, type SignerRequest } from "./session/open-signer.js";
export { openSession, type Session, type SessionOptions } from "./session/session.js";
export type { ImageSigner } from "./trust/image-signer.js";
export { type AuditResult, audit } from "./verbs/audit/audit.js";
export { type CheckResult, check } from "./verbs/check/check.js";
export { copy } from "./verbs/copy/copy.js";
export { isV3Mirror } from "./verbs/copy/copy-request.js";
export type { CopyResult } from "./verbs/copy/copy-result.js";
export { type DiffResult, diff, isSame } from "./verbs/diff/diff.js";
export {
  type EnvRequest,
  type EnvResult,
  LOADED_HASHES,
  loadEnvironment,
  unloadEnvironment,
} from "./verbs/env/env.js";
export { find } from "./verbs/find/find.js";
export { type GcResult, gc } from "./verbs/gc/gc.js";
export { image } from "./verbs/image/image.js";
export type { ImageResult, PlatformImage } from "./verbs/image/image-result.js";
export { formatPlatform, parsePlatform } from "./verbs/image/platform.js";
export { type ListResult, list } from "./verbs/list/list.js";
export { login, logout, registryOf } from "./verbs/login/login.js";
export { parseKeepList } from "./verbs/prune/keep-list.js";
export { type PruneResult, prune } from "./verbs/prune/prune.js";
export { type PullResult, pull } from "./verbs/pull/pull.js";
export { type PushResult, push } from "./verbs/push/push.js";
export { reindex } from "./verbs/reindex/reindex.js";
export { type RepairResult, repair } from "./verbs/repair/repair.js";
export { type SbomResult, sbom, type WrittenBill } from "./verbs/sbom/sbom.js";
export { type ShownMember, type ShowResult, show } from "./verbs/show/show.js";
export { type SignedTag, type SignResult, sign } from "./verbs/sign/sign.js";
export { type SiteResult, site } from "./verbs/site/site.js";
export { type UninstallResult, uninstall } from "./verbs/uninstall/uninstall.js";
export { updateIndex } from "./verbs/update-index/update-index.js";
export { type ViewOutcome, type ViewRequest, view } from "./verbs/view/view.js";
