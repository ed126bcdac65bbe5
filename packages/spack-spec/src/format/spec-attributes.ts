// The attributes of a spec in format strings.

import { NEWEST_SPECFILE_VERSION } from "../documents/read-node.js";
import { dependencyTypes } from "../model/dependency-types.js";
import { type ConcreteSpec, fullName, isConcrete, isExternal, type Spec } from "../model/spec.js";
import { pythonRepr } from "../text/python-text.js";
import { architectureAttribute, targetAttribute } from "./architecture-attributes.js";
import {
  type Attribute,
  attribute,
  booleanAttribute,
  functionAttributes,
  lookUp,
  nothing,
  textAttribute,
} from "./attribute.js";
import { compilerAttribute } from "./compiler-attribute.js";
import type { FormatOptions, Formatter } from "./format-options.js";
import { compilersText, longSpecText, shortSpecText, specText } from "./spec-texts.js";
import { compilerFlagsAttribute, variantsAttribute } from "./variant-attributes.js";
import { versionAttribute, versionsAttribute } from "./version-attributes.js";

/** The attributes of `spec`; `format` formats the specs that attributes consist of. */
export function specAttributes(spec: Spec, options: FormatOptions, format: Formatter): Attribute {
  return {
    text: () => specText(spec, format),
    get: (name) =>
      lookUp(nodeAttributes, name)?.(spec) ??
      lookUp(textAttributes, name)?.(spec, format) ??
      lookUp(instanceAttributes, name)?.(options) ??
      (isConcrete(spec) ? lookUp(concreteAttributes, name)?.(spec, options) : undefined) ??
      (name === "compiler" ? compilerAttribute(spec, format) : lookUp(functions, name)?.()),
  };
}

const nodeAttributes: Readonly<Record<string, (spec: Spec) => Attribute>> = {
  name: (spec) => textAttribute(spec.name),
  namespace: (spec) => textAttribute(spec.namespace),
  namespace_if_anonymous: (spec) => textAttribute(spec.name === "" ? spec.namespace : undefined),
  fullname: (spec) => textAttribute(fullName(spec)),
  version: (spec) => versionAttribute(spec.versions),
  versions: (spec) => versionsAttribute(spec.versions),
  variants: (spec) => variantsAttribute(spec.variants),
  compiler_flags: (spec) => compilerFlagsAttribute(spec.compilerFlags),
  arch: (spec) => architectureAttribute(spec.architecture),
  architecture: (spec) => architectureAttribute(spec.architecture),
  platform: (spec) => textAttribute(spec.architecture?.platform),
  os: (spec) => textAttribute(spec.architecture?.os),
  target: (spec) => targetAttribute(spec.architecture?.target),
  abstract_hash: (spec) => textAttribute(spec.abstractHash),
  anonymous: (spec) => booleanAttribute(spec.name === "" && !spec.abstractHash),
  concrete: (spec) => booleanAttribute(spec.node !== undefined),
  is_develop: (spec) => booleanAttribute(spec.variants.has("dev_path")),
  specfile_version: (spec) =>
    textAttribute(`v${spec.node?.annotations.originalSpecfileVersion ?? NEWEST_SPECFILE_VERSION}`),
};

const textAttributes: Readonly<Record<string, (spec: Spec, format: Formatter) => Attribute>> = {
  compilers: (spec, format) => textAttribute(compilersText(spec, format)),
  short_spec: (spec, format) => textAttribute(shortSpecText(spec, format)),
  cshort_spec: (spec, format) => textAttribute(shortSpecText(spec, format)),
  long_spec: (spec, format) => textAttribute(longSpecText(spec, format)),
  clong_spec: (spec, format) => textAttribute(longSpecText(spec, format)),
  colored_str: (spec, format) => textAttribute(specText(spec, format)),
};

const instanceAttributes: Readonly<Record<string, (options: FormatOptions) => Attribute>> = {
  spack_root: (options) => textAttribute(options.spackRoot),
  spack_install: (options) => textAttribute(options.installTree),
};

type ConcreteAttribute = (spec: ConcreteSpec, options: FormatOptions) => Attribute;

const concreteAttributes: Readonly<Record<string, ConcreteAttribute>> = {
  prefix: (spec, options) =>
    prefixAttribute(options.prefixOf?.(spec.node.hash) ?? spec.node.external?.path ?? undefined),
  external: (spec) => booleanAttribute(isExternal(spec)),
  external_path: ({ node: { external } }) => textAttribute(external?.path ?? undefined),
  external_modules: ({ node: { external } }) =>
    external?.modules ? attribute(pythonRepr(external.modules)) : nothing,
  extra_attributes: ({ node: { external } }) => attribute(pythonRepr(external?.extraAttributes ?? new Map())),
  installed: (spec, options) => booleanAttribute(options.isInstalled?.(spec.node.hash) ?? false),
  edge_attributes: (spec) => textAttribute(edgeAttributes(spec)),
};

/** Every subdirectory of a prefix is an attribute: `{prefix.lib}` (`spack/util/prefix.py`). */
function prefixAttribute(path: string | undefined): Attribute {
  if (path === undefined) return nothing;
  const text = textAttribute(path);
  return { text: () => path, get: (name) => text.get(name) ?? prefixAttribute(`${path}/${name}`) };
}

function edgeAttributes({ dependents }: ConcreteSpec): string {
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
