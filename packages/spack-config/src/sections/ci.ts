// What `ci:` may hold. Nothing here runs a pipeline: the section is checked, since Spack would refuse it.
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

const script: Schema = listOf({ anyOf: [string, strings] });

const attributes: Schema = {
  type: "object",
  properties: {
    image: { oneOf: [string, open({ name: string, entrypoint: strings })] },
    tags: strings,
    variables: { type: "object", patternProperties: [[/^[\w\-.]+$/, { type: ["string", "number"] }]] },
    before_script: script,
    script,
    after_script: script,
  },
};

const submapping: Schema = closed(
  {
    match_behavior: oneOfWords("first", "merge"),
    submapping: listOf(
      closed(
        { match: strings, "build-job": attributes, "build-job-remove": attributes },
        { required: ["match"] },
      ),
    ),
  },
  { required: ["submapping"] },
);

const dynamicMapping: Schema = closed(
  {
    "dynamic-mapping": open(
      {
        name: string,
        endpoint: string,
        timeout: integer(0),
        verify_ssl: boolean,
        header: mapping(string),
        allow: strings,
        require: strings,
        ignore: strings,
      },
      { required: ["endpoint"] },
    ),
  },
  { required: ["dynamic-mapping"] },
);

function job(name: string): Schema {
  return closed({ [`${name}-job`]: attributes, [`${name}-job-remove`]: attributes });
}

const jobs = ["any", "build", "cleanup", "copy", "noop", "reindex", "signing"].map(job);

/** Source: `lib/spack/spack/schema/ci.py`. */
export const ci: Properties = {
  ci: open({
    "pipeline-gen": listOf({ oneOf: [submapping, dynamicMapping, ...jobs] }),
    "rebuild-index": boolean,
    "broken-specs-url": string,
    "broken-tests-packages": strings,
    target: string,
  }),
};
