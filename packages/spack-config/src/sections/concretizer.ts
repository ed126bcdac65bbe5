// What `concretizer:` may hold. Nothing here concretizes: the section is checked, since Spack would refuse it.
import {
  boolean,
  closed,
  integer,
  listOf,
  mapping,
  oneOfWords,
  open,
  type Properties,
  type Schema,
  string,
  strings,
} from "./schema.js";

const reuse: Schema = {
  oneOf: [
    boolean,
    oneOfWords("dependencies"),
    open({
      roots: boolean,
      include: strings,
      exclude: strings,
      from: listOf(
        open({
          type: oneOfWords("local", "buildcache", "external", "environment"),
          path: string,
          include: strings,
          exclude: strings,
        }),
      ),
    }),
  ],
};

const splice = closed({
  explicit: listOf({
    type: "object",
    required: ["target", "replacement"],
    additionalProperties: false,
    properties: { target: string, replacement: string, transitive: boolean },
  }),
  automatic: boolean,
});

/** Source: `lib/spack/spack/schema/concretizer.py`. */
export const concretizer: Properties = {
  concretizer: closed({
    force: boolean,
    reuse,
    targets: open({ host_compatible: boolean, granularity: oneOfWords("generic", "microarchitectures") }),
    unify: { oneOf: [boolean, oneOfWords("when_possible")] },
    compiler_mixing: { oneOf: [boolean, { type: "array" }] },
    splice,
    duplicates: open({ strategy: oneOfWords("none", "minimal", "full"), max_dupes: mapping(integer(1)) }),
    static_analysis: boolean,
    timeout: integer(0),
    error_on_timeout: boolean,
    os_compatible: mapping({ type: "array" }),
    concretization_cache: open({ enable: boolean, url: string, entry_limit: integer(0) }),
    externals: open({ completion: oneOfWords("architecture_only", "default_variants") }),
  }),
};
