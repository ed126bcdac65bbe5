// What @spack-oci/spack-views offers to other packages.

export { type LinkType, linkTypeNamed, type ViewDescriptor } from "./descriptor/view-descriptor.js";
export type { ViewPackages } from "./descriptor/view-packages.js";
export { regenerateView, type ViewChange } from "./environment/regenerate-view.js";
export { extendView, type ViewExtension } from "./extend/extend-view.js";
export { addPackages, type ViewDirectory } from "./links/add-packages.js";
export type { MergeConflict } from "./merge/merge-conflict.js";
