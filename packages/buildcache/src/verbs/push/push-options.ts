// How a push goes, where the defaults do not fit.

import type { TagLister, Target } from "@spack-oci/oci-client";
import type { Compression } from "@spack-oci/spack-tarball";
import type { Listener } from "../../events/events.js";
import type { PrefixInspections } from "../../image-env/inspect-prefix.js";
import type { TreeRequest } from "../../install-tree/canonical-tree.js";
import type { RememberedTree } from "../../install-tree/settle-tree.js";
import type { ImageSource } from "../../package-image/base-image.js";
import type { Annotations } from "../../package-image/image-manifest.js";
import type { AskSpack } from "../../recipe-env/ask-spack.js";
import type { Origins } from "../../reuse/find-originals.js";

export interface PushOptions {
  /** Push again what is there. */
  readonly force?: boolean | undefined;
  /** Take only what was named, or only what that needs; both by default. */
  readonly only?: "package" | "dependencies" | undefined;
  /** Take along the build dependencies that are installed, as Spack does; true by default. */
  readonly withBuildDependencies?: boolean | undefined;
  /** Treat build dependencies that are not installed as failures. */
  readonly strict?: boolean | undefined;
  /** Specs that are left out. */
  readonly exclude?: readonly string[] | undefined;
  /** Packages that this buildcache has are left out. */
  readonly excludeMirror?: (Target & TagLister) | undefined;
  /** Put all packages that were named into one image under this tag, with what they run with. */
  readonly tag?: string | undefined;
  /** Write the index afterwards. */
  readonly updateIndex?: boolean | undefined;
  /** Plan, and stop. */
  readonly dryRun?: boolean | undefined;
  /** Pack packages as though they lay in this install tree; the mirror's own without, if it has one. */
  readonly relocateTo?: TreeRequest | undefined;
  /** What the user's configuration says of the mirror's install tree. */
  readonly rememberedTree?: RememberedTree | undefined;
  /** Where layers are packed, the system's temporary directory by default. */
  readonly scratchDirectory?: string | undefined;
  /** Where the Spack is that the store belongs to; goes into the layers for information. */
  readonly spackPrefix?: string | undefined;
  /** How layers are compressed, gzip by default, which every Spack reads. */
  readonly compression?: Compression | undefined;
  /** The image that packages are put on top of. */
  readonly baseImage?: ImageSource | undefined;
  /** Variables of images by the directory of a prefix that goes in front of them; Spack's default without. */
  readonly prefixInspections?: PrefixInspections | undefined;
  /** Asked what the environments of images are, instead of computing them here without the recipes. */
  readonly askSpack?: AskSpack | undefined;
  /** The time that images claim to be made at; now by default. */
  readonly createdAt?: Date | undefined;
  /** What is said of every image besides what Spack says; Docker's format has no place for it. */
  readonly annotations?: Annotations | undefined;
  /** Packages that came from a buildcache and have not changed are pushed by the layers that they came in; packed without. */
  readonly origins?: Origins | undefined;
  readonly listener?: Listener | undefined;
  readonly signal?: AbortSignal | undefined;
}
