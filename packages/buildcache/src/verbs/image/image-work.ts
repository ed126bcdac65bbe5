// Groups what all steps of one image share.

import type { Target } from "@spack-oci/oci-client";
import type { Buildcache, Run } from "../../schedule/run.js";
import type { ImageRequest } from "./image-request.js";

export interface ImageWork {
  /** The buildcache with the packages. */
  readonly mirror: Buildcache;
  /** Where the image is written. */
  readonly destination: Target;
  readonly request: ImageRequest;
  readonly run: Run;
}
