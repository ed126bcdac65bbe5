// What @spack-oci/spack-spec offers to other packages.

export { concreteSpecs } from "./concrete/concrete-specs.js";
export { type FindOptions, renderFind } from "./find/find.js";
export type { FindEnvironment } from "./find/find-environment.js";
export { type FindSpecsOptions, findSpecs } from "./find/find-specs.js";
export {
  type RelativesOptions,
  renderDependencies,
  renderDependents,
  renderLocation,
} from "./find/relatives.js";
export type { OutputStyle } from "./find/terminal.js";
export { type FormatNodeOptions, formatPath, formatSpec } from "./format/format-node.js";
export { formatAny, textOf } from "./format/format-spec.js";
export { formatTree, type TreeOptions } from "./format/format-tree.js";
export { asArray, asNumber, asObject, asString, optional } from "./json/access.js";
export { formatIndentedJson, formatJson } from "./json/format.js";
export { type ParseJsonOptions, parseJson } from "./json/parse.js";
export { formatPythonFloat } from "./json/python-float.js";
export { isJsonArray, isJsonObject, type Json, type JsonArray, type JsonObject } from "./json/value.js";
export { constrain } from "./match/constrain.js";
export { intersects, satisfies } from "./match/satisfies.js";
export { isAbstract } from "./model/abstract-spec.js";
export type { ConcreteSpec, Spec } from "./model/spec.js";
export { parseArguments } from "./parse/command-line.js";
export type { ParseOptions, Toolchain } from "./parse/parse-options.js";
export { parseSpec, parseSpecs } from "./parse/parse-spec.js";
export {
  defaultProjections,
  findProjection,
  type ProjectionOptions,
  projectPath,
} from "./projections/project-path.js";
export { catalogOf, catalogOfGraph, type SpecCatalog } from "./query/catalog.js";
export { type FindOneOptions, findOne } from "./query/find-one.js";
export { gitVersionsIn } from "./query/git-versions.js";
export {
  anyStatus,
  type InstallStatus,
  type QueryOptions,
  queryCatalog,
  queryCatalogAny,
} from "./query/query.js";
export { base32Encode, base32PrefixBits } from "./specs/base32.js";
export { fullClosure, isRuntimeDependency, runtimeClosure, specsToRelocate } from "./specs/closures.js";
export {
  dependencyToJson,
  nodeMembers,
  nodeToJson,
  nodeToVersion4Json,
  withoutDirect,
} from "./specs/convert-node.js";
export {
  formatSpecDocument,
  parseSpecDocument,
  readSpecDocument,
  specDocumentToJson,
} from "./specs/document.js";
export {
  type DagHashOptions,
  dagHash,
  type HashedForm,
  type HashVerdict,
  hashText,
  verifyDagHash,
} from "./specs/hash.js";
export { microarchitectureFamily, ociArchitecture, ociVariant } from "./specs/microarchitectures.js";
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
} from "./specs/node.js";
export { newestSpecfileVersion, readNode } from "./specs/read-node.js";
export {
  breadthFirst,
  compareCodePoints,
  postOrder,
  preOrder,
  sortedDependencies,
  type TraversalOptions,
  topological,
} from "./specs/traversal.js";
