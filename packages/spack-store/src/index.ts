// What @spack-oci/spack-store offers to other packages.
export { formatIndentedJson, formatJson } from "./json/format.js";
export { type ParseJsonOptions, parseJson } from "./json/parse.js";
export { isJsonArray, isJsonObject, type Json, type JsonArray, type JsonObject } from "./json/value.js";
export { fullClosure, runtimeClosure, specsToRelocate } from "./spec/closures.js";
export { nodeToJson } from "./spec/convert-node.js";
export {
  formatSpecDocument,
  parseSpecDocument,
  readSpecDocument,
  specDocumentToJson,
} from "./spec/document.js";
export { dagHash, type HashedForm, type HashVerdict, verifyDagHash } from "./spec/hash.js";
export { microarchitectureFamily, ociArchitecture } from "./spec/microarchitectures.js";
export {
  allDependencyTypes,
  type DependencyType,
  type SpecAnnotations,
  type SpecArchitecture,
  type SpecDependency,
  type SpecDocument,
  type SpecExternal,
  type SpecGraph,
  type SpecNode,
} from "./spec/node.js";
export { readNode } from "./spec/read-node.js";
export {
  breadthFirst,
  postOrder,
  preOrder,
  sortedDependencies,
  type TraversalOptions,
  topological,
} from "./spec/traversal.js";
export { type FormatNodeOptions, formatPath, formatSpec } from "./spec-language/format-node.js";
