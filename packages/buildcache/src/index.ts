// What @spack-oci/buildcache offers to other packages: the verbs, what they take, tell and return.

export { formatPlace } from "@spack-oci/spack-config";
export { renderFind } from "@spack-oci/spack-spec";
export { filterPadding } from "@spack-oci/spack-store";
export {
  type RequestedEnvironment,
  requestedEnvironment,
  requestedLockfiles,
  type SpecRequest,
} from "./catalog/spec-request.js";
export type { ConfirmDeletion } from "./deletion/require-deletion.js";
export type { Destination } from "./destination/destination.js";
export {
  type BuildcacheEvent,
  describePackage,
  type Listener,
  type PackageName,
  type PackageOutcome,
  type PackageStep,
  type TagOutcome,
} from "./events/events.js";
export { asSpackOciError } from "./failures/failure.js";
export type { Finding, FindingKind, Severity } from "./findings/finding.js";
export type { CanonicalTree, TreeRequest } from "./install-tree/canonical-tree.js";
export type { UnrelocatableError, UnrelocatablePackage } from "./install-tree/unrelocatable-error.js";
export type { ImageSource } from "./package-image/base-image.js";
export type { Annotations } from "./package-image/image-manifest.js";
export type { PushedImage, RunEnvironmentSource, RunnableImage } from "./package-image/pushed-image.js";
export { indexTag, isPackageTag, packageTag } from "./package-image/tags.js";
export type { MergeIndexOptions, MergeIndexResult } from "./package-index/merge-index.js";
export type { SkippedTag } from "./package-index/scan-tags.js";
export type { AuditedPackage } from "./provenance/audit-package.js";
export type { PackagePlace } from "./provenance/package-place.js";
export type { LayerReadingWay } from "./provenance/read-layer-origin.js";
export type { AskSpack, EnvironmentAnswer, EnvironmentQuestion } from "./recipe-env/ask-spack.js";
export type { OriginalLayer, Origins } from "./reuse/find-originals.js";
export type { PackageResult } from "./schedule/run-packages.js";
export { createScheduler, type Scheduler } from "./schedule/scheduler.js";
export type { Mirror, MirrorOptions } from "./session/open-mirror.js";
export { Session, type SessionOptions } from "./session/session.js";
export { type AuditOptions, type AuditResult, audit } from "./verbs/audit/audit.js";
export type { RootFinding, RootFindingKind, RootSummary } from "./verbs/audit/root-findings.js";
export { type CheckOptions, type CheckResult, check } from "./verbs/check/check.js";
export type { ContentCount } from "./verbs/check/content-check.js";
export { type CopyResult, copy } from "./verbs/copy/copy.js";
export { copyFromUrlMirror } from "./verbs/copy/copy-from-url-mirror.js";
export type { CopyMirrorOptions } from "./verbs/copy/copy-options.js";
export type { TagResult } from "./verbs/copy/copy-tags.js";
export { copyToUrlMirror } from "./verbs/copy/copy-to-url-mirror.js";
export type { UrlCopyOptions, UrlCopyPlan, UrlCopyResult } from "./verbs/copy/url-copy.js";
export type { ImagePart } from "./verbs/diff/compare-images.js";
export type { IndexDifference } from "./verbs/diff/compare-indexes.js";
export { type DiffOptions, type DiffResult, diff, isSame, type TagDifference } from "./verbs/diff/diff.js";
export { image } from "./verbs/image/image.js";
export type { ImageOptions } from "./verbs/image/image-options.js";
export type { ImageResult, PlatformImage } from "./verbs/image/image-result.js";
export type { ImageSettings } from "./verbs/image/image-settings.js";
export { formatPlatform, parsePlatform } from "./verbs/image/platform.js";
export { type ListOptions, list } from "./verbs/list/list.js";
export { login, logout } from "./verbs/login/login.js";
export { parseKeepList } from "./verbs/prune/keep-list.js";
export type { PruneItem, PrunePlan } from "./verbs/prune/plan-prune.js";
export { type PruneResult, prune } from "./verbs/prune/prune.js";
export type { PruneOptions, PruneRequest } from "./verbs/prune/prune-options.js";
export type { PullItem, PullPlan } from "./verbs/pull/plan-pull.js";
export { type PullOptions, type PullResult, pull } from "./verbs/pull/pull.js";
export type { PushItem, PushPlan } from "./verbs/push/plan-push.js";
export { type PushResult, push } from "./verbs/push/push.js";
export type { PushOptions } from "./verbs/push/push-options.js";
export { type ReindexOptions, reindex } from "./verbs/reindex/reindex.js";
export type { RepairItem, RepairPlan } from "./verbs/repair/plan-repair.js";
export {
  type OriginalsPolicy,
  type RepairOptions,
  type RepairResult,
  repair,
} from "./verbs/repair/repair.js";
export type { RepairedImage } from "./verbs/repair/repair-run.js";
export { updateIndex } from "./verbs/update-index/update-index.js";
