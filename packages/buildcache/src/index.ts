// What @spack-oci/buildcache offers to other packages: the verbs, what they take, tell and return.

export { formatPlace } from "@spack-oci/spack-config";
export { renderFind } from "@spack-oci/spack-spec";
export { filterPadding } from "@spack-oci/spack-store";
export { type AuditOptions, type AuditResult, audit } from "./audit/audit.js";
export type { AuditedPackage } from "./audit/audit-package.js";
export type { PackagePlace } from "./audit/package-place.js";
export type { LayerReadingWay } from "./audit/read-layer-origin.js";
export type { RootFinding, RootFindingKind, RootSummary } from "./audit/root-findings.js";
export type { ImageSource } from "./base-image/base-image.js";
export type { CanonicalTree, TreeRequest } from "./canonical/canonical-tree.js";
export type { UnrelocatableError, UnrelocatablePackage } from "./canonical/unrelocatable-error.js";
export { type CheckOptions, type CheckResult, check } from "./check/check.js";
export type { ContentCount } from "./check/content-check.js";
export type { Finding, FindingKind, Severity } from "./check/finding.js";
export { type CopyResult, copy } from "./copy/copy.js";
export type { CopyMirrorOptions } from "./copy/copy-options.js";
export type { TagResult } from "./copy/copy-tags.js";
export type { ConfirmDeletion } from "./deletion/require-deletion.js";
export type { ImagePart } from "./diff/compare-images.js";
export type { IndexDifference } from "./diff/compare-indexes.js";
export { type DiffOptions, type DiffResult, diff, isSame, type TagDifference } from "./diff/diff.js";
export {
  type BuildcacheEvent,
  describePackage,
  type Listener,
  type PackageName,
  type PackageOutcome,
  type PackageStep,
  type TagOutcome,
} from "./events.js";
export { asSpackOciError } from "./failure.js";
export { image } from "./image/image.js";
export type { ImageOptions } from "./image/image-options.js";
export type { ImageResult, PlatformImage } from "./image/image-result.js";
export type { ImageSettings } from "./image/image-settings.js";
export { formatPlatform, parsePlatform } from "./image/platform.js";
export type { PushedImage, RunnableImage } from "./image/pushed-image.js";
export type { MergeIndexOptions, MergeIndexResult } from "./index/merge-index.js";
export type { SkippedTag } from "./index/scan-tags.js";
export { type ListOptions, list } from "./list.js";
export { login, logout } from "./login.js";
export type { OriginalLayer, Origins } from "./origin/find-originals.js";
export type { Annotations } from "./protocol/image-manifest.js";
export { indexTag, isPackageTag, packageTag } from "./protocol/tags.js";
export { parseKeepList } from "./prune/keep-list.js";
export type { PruneItem, PrunePlan } from "./prune/plan-prune.js";
export { type PruneResult, prune } from "./prune/prune.js";
export type { PruneOptions, PruneRequest } from "./prune/prune-options.js";
export type { Destination } from "./pull/destination.js";
export type { PullItem, PullPlan } from "./pull/plan-pull.js";
export { type PullOptions, type PullResult, pull } from "./pull/pull.js";
export type { PushItem, PushPlan } from "./push/plan-push.js";
export { type PushResult, push } from "./push/push.js";
export type { PushOptions } from "./push/push-options.js";
export { type ReindexOptions, reindex } from "./reindex.js";
export type { RepairItem, RepairPlan } from "./repair/plan-repair.js";
export { type OriginalsPolicy, type RepairOptions, type RepairResult, repair } from "./repair/repair.js";
export type { RepairedImage } from "./repair/repair-run.js";
export type { AskSpack, EnvironmentAnswer, EnvironmentQuestion } from "./run-environment/ask-spack.js";
export type { RunEnvironmentSource } from "./run-environment/source.js";
export type { PackageResult } from "./schedule/run-packages.js";
export { createScheduler, type Scheduler } from "./schedule/scheduler.js";
export {
  type RequestedEnvironment,
  requestedEnvironment,
  requestedLockfiles,
  type SpecRequest,
} from "./select/spec-request.js";
export type { Mirror, MirrorOptions } from "./session/open-mirror.js";
export { Session, type SessionOptions } from "./session/session.js";
export { updateIndex } from "./update-index.js";
export { copyFromUrlMirror } from "./url-mirror/copy-from-url-mirror.js";
export { copyToUrlMirror } from "./url-mirror/copy-to-url-mirror.js";
export type { UrlCopyOptions, UrlCopyPlan, UrlCopyResult } from "./url-mirror/url-copy.js";
