// What a push knows once it is planned, for the steps that follow.

import type { TagLister, Target } from "@spack-oci/oci-client";
import type { InstallDatabase, Store } from "@spack-oci/spack-store";
import type { BaseImages } from "../../base-image/prepare-base-images.js";
import type { KnownLayers } from "../../package-image/known-layers.js";
import type { OriginalLayer } from "../../reuse/find-originals.js";
import type { Scheduler } from "../../schedule/scheduler.js";
import type { CanonicalPush } from "./canonical-push.js";
import type { ImageEnvironments } from "./image-environments.js";
import type { PushPlan } from "./plan-push.js";
import type { PushOptions } from "./push-options.js";

export interface PushWork {
  readonly store: Store;
  readonly database: InstallDatabase;
  readonly target: Target & TagLister;
  readonly scheduler: Scheduler;
  readonly options: PushOptions;
  readonly plan: PushPlan;
  readonly bases: BaseImages;
  readonly layers: KnownLayers;
  readonly environmentOf: ImageEnvironments;
  /** Where layers are packed. */
  readonly scratch: string;
  /** Undefined where packages are pushed as they are. */
  readonly canonical: CanonicalPush | undefined;
  /** Layers that are pushed as they came, by DAG hash. */
  readonly originals: ReadonlyMap<string, OriginalLayer>;
}
