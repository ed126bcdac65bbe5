// Groups what all steps of a planned push share.

import type { InstallDatabase, Store } from "@spack-oci/spack-store";
import type { BaseImages } from "../../base-image/prepare-base-images.js";
import type { Buildcache, Run } from "../../schedule/run.js";
import type { PushPlan } from "./plan-push.js";
import type { PushRequest } from "./push-request.js";

export interface PushWork {
  readonly mirror: Buildcache;
  readonly request: PushRequest;
  readonly store: Store;
  /** With the packages of upstreams. */
  readonly database: InstallDatabase;
  readonly plan: PushPlan;
  /** The tags that the buildcache had when the push was planned. */
  readonly existing: ReadonlySet<string>;
  readonly bases: BaseImages;
  readonly run: Run;
  /** Where layers are packed. */
  readonly scratch: string;
}
