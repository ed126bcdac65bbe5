// Reads one spec node of any format version from its JSON.

import { SpackOciError } from "@spack-oci/errors";
import { asArray, asInteger, asObject, asString, asStrings, optional } from "../json/access.js";
import { isJsonArray, type Json, type JsonObject } from "../json/value.js";
import type { SpecAnnotations, SpecArchitecture, SpecExternal, SpecNode } from "../model/node.js";
import { NODE_HASH_KEYS } from "../model/node.js";
import { readDependencies } from "./read-dependencies.js";

/** The newest supported format version of spec documents (`SPECFILE_FORMAT_VERSION` in `spack/spec.py`). */
export const NEWEST_SPECFILE_VERSION = 5;

/**
 * Reads one node as `SpecfileReaderBase.from_node_dict` of `spack/spec.py` does.
 *
 * @param value the node's JSON
 * @param version the format version of the document or database around it, 1 to 5
 * @param key the node's hash if it is known already, as in databases, whose keys are authoritative
 * @throws SpackOciError `ERR_JSON_SHAPE` if a member has the wrong type, `ERR_SPEC_VERSION` if the version is unknown,
 *   `ERR_SPEC_NOT_CONCRETE` if the node is abstract
 */
export function readNode(value: Json, version: number, key?: string): SpecNode {
  checkSpecfileVersion(version);
  const { name, json } = nameAndData(asObject(value, "a spec node"), version);
  const what = (member: string) => `${member} of ${name || "a spec node"}`;
  if (json.get("concrete") === false) {
    throw new SpackOciError("ERR_SPEC_NOT_CONCRETE", `The spec of ${name} is not concrete.`, {
      kind: "corrupt",
    });
  }
  const buildSpec = optional(json.get("build_spec"), (item) => asObject(item, what("build_spec")));
  return {
    name,
    version: readVersion(json, what("version")),
    namespace: optional(json.get("namespace"), (item) => asString(item, what("namespace"))),
    architecture: optional(json.get("arch"), (item) => readArchitecture(item, what("arch"))),
    parameters: asObject(json.get("parameters") ?? new Map(), what("parameters")),
    propagated: readPropagated(json.get("propagate")),
    external: optional(json.get("external"), (item) => readExternal(item, what("external"))),
    patches: asStrings(json.get("patches") ?? [], what("patches")),
    packageHash: optional(json.get("package_hash"), (item) => asString(item, what("package_hash"))),
    dependencies: readDependencies(json.get("dependencies"), version, name),
    buildSpec: buildSpec && {
      name: asString(buildSpec.get("name"), what("build_spec name")),
      hash: readHash(buildSpec, what("build_spec hash")),
    },
    annotations: readAnnotations(json, version, what("annotations")),
    hash: key ?? readHash(json, what("hash")),
    specfileVersion: version,
    json,
  };
}

/** @throws SpackOciError `ERR_SPEC_VERSION` if specs of this version cannot be read */
function checkSpecfileVersion(version: number): void {
  if (Number.isInteger(version) && version >= 1 && version <= NEWEST_SPECFILE_VERSION) return;
  throw new SpackOciError(
    "ERR_SPEC_VERSION",
    `Spec format version ${version} is not supported (only 1 to ${NEWEST_SPECFILE_VERSION}).`,
    { kind: "unsupported", hint: "Written by a newer Spack; try a newer spack-oci." },
  );
}

/** A node of version 1 is an object whose only key is the package's name. */
function nameAndData(node: JsonObject, version: number): { name: string; json: JsonObject } {
  if (version > 1) return { name: asString(node.get("name") ?? "", "the name of a spec node"), json: node };
  const [name = "", data] = [...node][0] ?? [];
  return { name, json: asObject(data, `the node of ${name}`) };
}

/** Empty if the hash is missing; documents fill it in from the edges to the node. */
function readHash(json: JsonObject, what: string): string {
  const key = NODE_HASH_KEYS.find((candidate) => json.has(candidate));
  return key === undefined ? "" : asString(json.get(key), what);
}

function readVersion(json: JsonObject, what: string): string {
  const versions = json.get("versions");
  if (versions === undefined) return asString(json.get("version"), what);
  return asString(asArray(versions, what)[0], what).replace(/^=/, "");
}

function readArchitecture(value: Json, what: string): SpecArchitecture {
  const arch = asObject(value, what);
  const targetJson = arch.get("target") ?? null;
  const target = typeof targetJson === "string" ? targetJson : asObject(targetJson, what).get("name");
  return {
    platform: asString(arch.get("platform"), what),
    os: asString(arch.get("platform_os"), what),
    target: asString(target, what),
    targetJson,
  };
}

function readExternal(value: Json, what: string): SpecExternal | undefined {
  const external = asObject(value, what);
  if (external.size === 0) return undefined;
  const written = external.get("module");
  const modules = typeof written === "string" ? [written] : written;
  return {
    path: optional(external.get("path"), (item) => asString(item, what)) ?? null,
    modules: modules === undefined || modules === null || modules === false ? null : asStrings(modules, what),
    extraAttributes: asObject(external.get("extra_attributes") ?? new Map(), what),
  };
}

/** Spack ignores what is not a list of names. */
function readPropagated(value: Json | undefined): readonly string[] {
  return isJsonArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function readAnnotations(json: JsonObject, version: number, what: string): SpecAnnotations {
  const annotations = optional(json.get("annotations"), (item) => asObject(item, what));
  const compiler = annotations ? annotations.get("compiler") : legacyCompiler(json, what);
  const originalSpecfileVersion = annotations
    ? asInteger(annotations.get("original_specfile_version"), what)
    : version;
  return (
    optional(compiler, (item) => ({ originalSpecfileVersion, compiler: asString(item, what) })) ?? {
      originalSpecfileVersion,
    }
  );
}

function legacyCompiler(json: JsonObject, what: string): string | undefined {
  const compiler = optional(json.get("compiler"), (item) => asObject(item, what));
  return compiler && `${asString(compiler.get("name"), what)}@=${readVersion(compiler, what)}`;
}
