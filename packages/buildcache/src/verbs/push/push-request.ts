// What a push is asked for.

import type { Compression } from "@spack-oci/spack-tarball";
import type { SpecRequest } from "../../catalog/spec-request.js";
import type { PrefixInspections } from "../../image-env/inspect-prefix.js";
import type { InstallTreeRequest } from "../../install-tree/install-tree.js";
import type { RememberedInstallTree } from "../../install-tree/resolve-install-tree.js";
import type { ImageSource } from "../../package-image/base-image.js";
import type { Annotations } from "../../package-image/image-manifest.js";
import type { SpackQuery } from "../../recipe-env/spack-query.js";
import type { ReuseSources } from "../../reuse/find-reusable-layers.js";
import type { Buildcache } from "../../schedule/run.js";

export interface PushRequest extends SpecRequest {
  /** Push packages even if they already exist. */
  readonly force?: boolean | undefined;
  /** Push only the named packages, or only their dependencies; both by default. */
  readonly only?: "package" | "dependencies" | undefined;
  /** Include installed build dependencies, as Spack does; true by default. */
  readonly withBuildDependencies?: boolean | undefined;
  /** Treat build dependencies that are not installed as failures. */
  readonly strict?: boolean | undefined;
  /** Specs to leave out. */
  readonly exclude?: readonly string[] | undefined;
  /** Leave out packages that this buildcache has. */
  readonly excludeMirror?: Buildcache | undefined;
  /** Also put the named packages, with what they run with, into one image under this tag. */
  readonly tag?: string | undefined;
  /** Update the package index afterwards. */
  readonly updateIndex?: boolean | undefined;
  /** Plan, and stop. */
  readonly dryRun?: boolean | undefined;
  /** Pack packages as though they were installed in this tree; by default in the buildcache's own, if it has one. */
  readonly relocateTo?: InstallTreeRequest | undefined;
  /** The install tree that the user's configuration has for the buildcache. */
  readonly rememberedInstallTree?: RememberedInstallTree | undefined;
  /** Where the Spack is that the store belongs to; recorded in layers for information. */
  readonly spackPrefix?: string | undefined;
  /** How layers are compressed; gzip by default, which every Spack reads. */
  readonly compression?: Compression | undefined;
  /** The image that packages are put on top of. */
  readonly baseImage?: ImageSource | undefined;
  /** Variables of images by the directory of a prefix that is prepended to them; Spack's defaults if undefined. */
  readonly prefixInspections?: PrefixInspections | undefined;
  /** Has Spack compute the environments of images, instead of deriving them without running recipes. */
  readonly spackQuery?: SpackQuery | undefined;
  /** The creation time of images; now by default. */
  readonly createdAt?: Date | undefined;
  /** Annotations of every image besides Spack's own; Docker's format has no place for them. */
  readonly annotations?: Annotations | undefined;
  /** Lets unchanged packages that came from a buildcache be pushed with their original layers; otherwise all are packed. */
  readonly reuse?: ReuseSources | undefined;
}
