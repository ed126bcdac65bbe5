// What @spack-oci/spack-spec offers to other packages.

export {
  formatSpecDocument,
  parseSpecDocument,
  readSpecDocument,
  rootHash,
  specDocumentToJson,
  withoutBuildSpecs,
} from "./documents/document.js";
export { readNode } from "./documents/read-node.js";
export { isVerifiedRoot, verifiedRoot } from "./documents/verified-root.js";
export { renderFind } from "./find/find.js";
export { readDate } from "./find/read-date.js";
export { formatPath, formatSpec } from "./format/format-node.js";
export type { FormatOptions } from "./format/format-options.js";
export { formatPathOf } from "./format/format-path.js";
export { formatAny, textOf } from "./format/format-spec.js";
export { SHORT_FORMAT } from "./format/formats.js";
export { fullClosure, isRuntimeDependency, runtimeClosure, specsToRelocate } from "./graph/closures.js";
export { spliceAnalogs } from "./graph/splice-analogs.js";
export { breadthFirst, postOrder, preOrder, sortedDependencies, topological } from "./graph/traversal.js";
export { base32Encode, base32PrefixBits } from "./hash/base32.js";
export { nodeToJson, nodeToVersion4Json, withoutDirect } from "./hash/convert-node.js";
export {
  type HashVerdict,
  hashText,
  isSplicedFrom,
  mayBeSplicedFrom,
  verifyDagHash,
} from "./hash/dag-hash.js";
export { asArray, asInteger, asNumber, asObject, asString, optional } from "./json/access.js";
export { formatIndentedJson, formatJson } from "./json/format.js";
export {
  addPositions,
  jsonSyntaxError,
  parseJson,
  positionIn,
  type SurroundingText,
  type TextPosition,
} from "./json/parse.js";
export { isJsonArray, isJsonObject, type Json, type JsonArray, type JsonObject } from "./json/value.js";
export { constrain } from "./match/constrain.js";
export { intersects, satisfies } from "./match/satisfies.js";
export { isKnownProvider, isVirtual } from "./match/virtuals.js";
export { isAbstract } from "./model/abstract-spec.js";
export { specOfNode } from "./model/concrete-specs.js";
export { ALL_DEPENDENCY_TYPES, type DependencyType, dependencyFlags } from "./model/dependency-types.js";
export { findDependency } from "./model/find-dependency.js";
export {
  microarchitectureFamily,
  microarchitectureVendor,
  ociArchitecture,
  ociVariant,
  PARENTS,
  runsOn,
} from "./model/microarchitectures.js";
export type { SpecDocument, SpecGraph, SpecNode } from "./model/node.js";
export { sortNodes } from "./model/sort-specs.js";
export { type ConcreteSpec, type DependencyEdge, dependencyEdges, type Spec } from "./model/spec.js";
export { parseArguments } from "./parse/command-line.js";
export type { ParseOptions, Toolchain } from "./parse/parse-options.js";
export { parseSpec, parseSpecs } from "./parse/parse-spec.js";
export { DEFAULT_PROJECTIONS, projectionOf, projectPath } from "./projections/project-path.js";
export { catalogOf, catalogOfGraph, type RecordedSpecs, type SpecCatalog } from "./query/catalog.js";
export { queryCatalog } from "./query/query.js";
export { pythonText } from "./text/python-text.js";
export { compareSpecVersions } from "./versions/compare-spec-versions.js";
