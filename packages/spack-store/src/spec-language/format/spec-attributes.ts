// The attributes of a spec in format strings.
import { newestSpecfileVersion } from "../../spec/read-node.js";
import { dependencyTypes } from "../model/dependency-flags.js";
import { type ConcreteSpec, fullName, type Spec } from "../model/spec.js";
import { pythonRepr } from "../text/python-text.js";
import { architectureAttribute, targetAttribute } from "./architecture-attributes.js";
import {
  type Attribute,
  attribute,
  booleanAttribute,
  functionAttributes,
  nothing,
  textAttribute,
} from "./attribute.js";
import { compilerAttribute } from "./compiler-attribute.js";
import type { FormatOptions, Formatter } from "./format-options.js";
import { compilersText, longSpecText, shortSpecText, specText } from "./spec-texts.js";
import { compilerFlagsAttribute, variantsAttribute } from "./variant-attributes.js";
import { versionAttribute, versionsAttribute } from "./version-attributes.js";

/** The attributes of `spec`; `format` writes other specs where an attribute consists of them. */
export function specAttributes(spec: Spec, options: FormatOptions, format: Formatter): Attribute {
  const known: Readonly<Record<string, () => Attribute>> = {
    ...functions,
    ...nodeAttributes(spec),
    ...textAttributes(spec, format),
    ...(spec.concrete === undefined ? {} : concreteAttributes(spec as ConcreteSpec, options)),
    concrete: () => booleanAttribute(spec.concrete !== undefined),
    specfile_version: () => textAttribute(`v${spec.concrete?.specfileVersion ?? newestSpecfileVersion}`),
    spack_root: () => textAttribute(options.spackRoot),
    spack_install: () => textAttribute(options.installTree),
  };
  return {
    text: () => specText(spec, format),
    get: (name) => {
      if (name === "compiler") return compilerAttribute(spec, format);
      return Object.hasOwn(known, name) ? known[name]?.() : undefined;
    },
  };
}

function nodeAttributes(spec: Spec): Readonly<Record<string, () => Attribute>> {
  return {
    name: () => textAttribute(spec.name),
    namespace: () => textAttribute(spec.namespace),
    namespace_if_anonymous: () => textAttribute(spec.name === "" ? spec.namespace : undefined),
    fullname: () => textAttribute(fullName(spec)),
    version: () => versionAttribute(spec.versions),
    versions: () => versionsAttribute(spec.versions),
    variants: () => variantsAttribute(spec.variants),
    compiler_flags: () => compilerFlagsAttribute(spec.compilerFlags),
    arch: () => architectureAttribute(spec.architecture),
    architecture: () => architectureAttribute(spec.architecture),
    platform: () => textAttribute(spec.architecture?.platform),
    os: () => textAttribute(spec.architecture?.os),
    target: () => targetAttribute(spec.architecture?.target),
    abstract_hash: () => textAttribute(spec.abstractHash),
    anonymous: () => booleanAttribute(spec.name === "" && !spec.abstractHash),
    is_develop: () => booleanAttribute(spec.variants.has("dev_path")),
  };
}

function textAttributes(spec: Spec, format: Formatter): Readonly<Record<string, () => Attribute>> {
  return {
    compilers: () => textAttribute(compilersText(spec, format)),
    short_spec: () => textAttribute(shortSpecText(spec, format)),
    cshort_spec: () => textAttribute(shortSpecText(spec, format)),
    long_spec: () => textAttribute(longSpecText(spec, format)),
    clong_spec: () => textAttribute(longSpecText(spec, format)),
    colored_str: () => textAttribute(specText(spec, format)),
  };
}

function concreteAttributes(
  spec: ConcreteSpec,
  options: FormatOptions,
): Readonly<Record<string, () => Attribute>> {
  const { concrete } = spec;
  const { external } = concrete;
  return {
    prefix: () => prefixAttribute(options.prefixOf?.(spec) ?? external?.path ?? undefined),
    external: () => booleanAttribute(Boolean(external?.path) || Boolean(external?.modules?.length)),
    external_path: () => textAttribute(external?.path ?? undefined),
    external_modules: () => (external?.modules ? attribute(pythonRepr(external.modules)) : nothing),
    extra_attributes: () => attribute(external?.extraAttributes ?? "{}"),
    installed: () => booleanAttribute(options.isInstalled?.(spec) ?? false),
    edge_attributes: () => textAttribute(edgeAttributes(spec)),
  };
}

/** A prefix has every subdirectory as an attribute: `{prefix.lib}` (`spack/util/prefix.py`). */
function prefixAttribute(path: string | undefined): Attribute {
  if (path === undefined) return nothing;
  const text = textAttribute(path);
  return { text: () => path, get: (name) => text.get(name) ?? prefixAttribute(`${path}/${name}`) };
}

function edgeAttributes({ concrete }: ConcreteSpec): string {
  const { dependents } = concrete;
  const flags = dependents.reduce((all, edge) => all | edge.flags, 0);
  const virtuals = [...new Set(dependents.flatMap((edge) => edge.virtuals))].sort();
  const onlyDirect = dependents.every((edge) => edge.direct);
  const parts = [
    ...(onlyDirect || flags === 0 ? [] : [`deptypes=${dependencyTypes(flags).join(",")}`]),
    ...(virtuals.length === 0 ? [] : [`virtuals=${virtuals.join(",")}`]),
  ];
  return parts.length === 0 ? "" : `[${parts.join(" ")}]`;
}

const functions = functionAttributes(
  "add_dependency_edge attach_git_version_lookup cformat clear_caches clear_dependencies clear_edges constrain " +
    "constrained copy dag_hash dag_hash_bit_prefix default_arch dependencies dependents detach " +
    "edges_from_dependents edges_to_dependencies ensure_no_deprecated ensure_valid_variants eq_dag eq_node " +
    "extract_json_from_clearsig format format_path from_detection from_dict from_json from_literal " +
    "from_signed_json from_specfile from_yaml has_virtual_dependency index install_status intersects lookup_hash " +
    "mutate node_dict_with_hashes original_spec_format override package_hash replace_hash satisfies set_prefix " +
    "spec_hash splice to_dict to_json to_node_dict to_yaml traverse traverse_edges tree trim validate_or_raise",
);
