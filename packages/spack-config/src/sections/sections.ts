// The sections of Spack's configuration, and the schemas of the three kinds of files.

import { config } from "./config.js";
import { include } from "./include.js";
import { mirrors } from "./mirrors.js";
import { modules } from "./modules.js";
import {
  container,
  definitions,
  repos,
  specList,
  toolchains,
  unreadSections,
  upstreams,
} from "./other-sections.js";
import { packages } from "./packages.js";
import { closed, type Properties, type Schema, strings } from "./schema.js";
import { view } from "./view.js";

const SECTIONS = {
  compilers: unreadSections.compilers,
  concretizer: unreadSections.concretizer,
  ...definitions,
  env_vars: unreadSections.env_vars,
  ...include,
  ...view,
  develop: unreadSections.develop,
  ...mirrors,
  ...repos,
  ...packages,
  ...modules,
  ...config,
  ...upstreams,
  bootstrap: unreadSections.bootstrap,
  ci: unreadSections.ci,
  cdash: unreadSections.cdash,
  ...toolchains,
} satisfies Properties;

/** The names of all sections, in Spack's order. */
export const SECTION_NAMES: readonly string[] = Object.keys(SECTIONS);

/**
 * The schema of a file with one section, such as `mirrors.yaml`; undefined for an unknown section.
 *
 * Source: `lib/spack/spack/config.py`, `SECTION_SCHEMAS`.
 */
export function sectionSchema(section: string): Schema | undefined {
  const properties = (SECTIONS as Properties)[section];
  return properties && closed({ [section]: properties });
}

const MERGED: Properties = {
  ...unreadSections,
  ...config,
  ...container,
  ...definitions,
  ...include,
  ...mirrors,
  ...modules,
  ...packages,
  ...repos,
  ...toolchains,
  ...upstreams,
  ...view,
};

/** The schema of an included file with several sections. Source: `lib/spack/spack/schema/merged.py`. */
export const mergedSchema: Schema = closed(MERGED);

/** The schema of `spack.yaml`. Source: `lib/spack/spack/schema/env.py`. */
export const environmentSchema: Schema = closed({
  spack: closed({ ...MERGED, specs: specList, include_concrete: strings }),
});
