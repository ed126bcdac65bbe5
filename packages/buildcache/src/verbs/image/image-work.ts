// One image verb under way: everything that its steps share.

import type { Target } from "@spack-oci/oci-client";
import type { Buildcache, Run } from "../../schedule/run.js";
import type { ImageRequest } from "./image-request.js";

export interface ImageWork {
  /** Where the packages are. */
  readonly mirror: Buildcache;
  /** Where the image will be. */
  readonly destination: Target;
  readonly request: ImageRequest;
  readonly run: Run;
}
