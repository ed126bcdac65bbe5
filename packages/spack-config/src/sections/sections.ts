// The sections of Spack's configuration, and the schemas of the three kinds of files that hold them.
import { ci } from "./ci.js";
import { compilers } from "./compilers.js";
import { concretizer } from "./concretizer.js";
import { config } from "./config.js";
import { include } from "./include.js";
import { mirrors } from "./mirrors.js";
import { modules } from "./modules.js";
import { bootstrap, cdash, container, develop, envVars, repos, toolchains } from "./other-sections.js";
import { packages } from "./packages.js";
import { closed, type Properties, type Schema, strings } from "./schema.js";
import { definitions, specList } from "./spec-list.js";
import { upstreams } from "./upstreams.js";
import { view } from "./view.js";

const sections = {
  ...compilers,
  ...concretizer,
  ...definitions,
  ...envVars,
  ...include,
  ...view,
  ...develop,
  ...mirrors,
  ...repos,
  ...packages,
  ...modules,
  ...config,
  ...upstreams,
  ...bootstrap,
  ...ci,
  ...cdash,
  ...toolchains,
} satisfies Properties;

/** The names of all sections, in Spack's order. */
export const SECTION_NAMES: readonly string[] = Object.keys(sections);

/**
 * The schema of a file with one section, such as `mirrors.yaml`; undefined for a name that is no section.
 *
 * Source: `lib/spack/spack/config.py`, `SECTION_SCHEMAS`.
 */
export function sectionSchema(section: string): Schema | undefined {
  const properties = (sections as Properties)[section];
  return properties && closed({ [section]: properties });
}

const merged: Properties = {
  ...bootstrap,
  ...cdash,
  ...compilers,
  ...concretizer,
  ...config,
  ...container,
  ...ci,
  ...definitions,
  ...develop,
  ...envVars,
  ...include,
  ...mirrors,
  ...modules,
  ...packages,
  ...repos,
  ...toolchains,
  ...upstreams,
  ...view,
};

/** The schema of a file with several sections, as `include:` names one. Source: `lib/spack/spack/schema/merged.py`. */
export const mergedSchema: Schema = closed(merged);

/** The schema of `spack.yaml`. Source: `lib/spack/spack/schema/env.py`. */
export const environmentSchema: Schema = closed({
  spack: closed({ ...merged, specs: specList, include_concrete: strings }),
});
