// What @spack-oci/buildcache offers to other packages: the verbs, what they take, tell and return.

export { filterPadding, formatPlace, renderFind } from "@spack-oci/spack-store";
export type { ImageSource } from "./base-image/base-image.js";
export {
  type BuildcacheEvent,
  describePackage,
  type Listener,
  type PackageName,
  type PackageOutcome,
  type PackageStep,
} from "./events.js";
export { asSpackOciError } from "./failure.js";
export type { SkippedTag } from "./index/scan-tags.js";
export { type ListOptions, list } from "./list.js";
export { login, logout } from "./login.js";
export { indexTag, isPackageTag, packageTag } from "./protocol/tags.js";
export type { Destination } from "./pull/destination.js";
export type { PullItem, PullPlan } from "./pull/plan-pull.js";
export { type PullOptions, type PullResult, pull } from "./pull/pull.js";
export type { PushItem, PushPlan } from "./push/plan-push.js";
export { type PushResult, push } from "./push/push.js";
export type { PushOptions } from "./push/push-options.js";
export { type ReindexOptions, reindex } from "./reindex.js";
export type { PackageResult } from "./schedule/run-packages.js";
export { createScheduler, defaultJobs, type Scheduler } from "./schedule/scheduler.js";
export { type RequestedEnvironment, requestedEnvironment, type SpecRequest } from "./select/spec-request.js";
export type { Mirror, MirrorOptions } from "./session/open-mirror.js";
export type { OwnStoreOptions } from "./session/own-destination.js";
export { Session, type SessionOptions } from "./session/session.js";
export { type UpdateIndexOptions, type UpdateIndexResult, updateIndex } from "./update-index.js";
