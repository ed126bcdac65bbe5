// The views of an environment, as `view:` configures them.

import { join } from "node:path";
import type { Configuration } from "../configuration.js";
import { canonicalizePath } from "../paths/canonicalize.js";
import { type PathContext, substituteVariables } from "../paths/variables.js";
import { asString, type ConfigScalar, type ConfigValue, child, text } from "../yaml/value.js";

/** One view of an environment. */
export interface ConfiguredView {
  readonly name: string;
  /** Absolute path at which users find it. */
  readonly root: string;
  /** `roots`: the environment's roots; `run`: also what they run with; `all`: all that they link or run with. */
  readonly link: "roots" | "run" | "all";
  readonly linkType: "symlink" | "hardlink" | "copy";
  readonly select: readonly string[];
  readonly exclude: readonly string[];
  /** Format strings by spec, with variables replaced. */
  readonly projections: ReadonlyMap<string, string>;
  /** The root and the projections before variables were replaced. */
  readonly written: { readonly root: string; readonly projections: ReadonlyMap<string, string> };
}

/** What the view that an environment activates is called. */
const DEFAULT_VIEW = "default";

/**
 * The views of the environment in `directory`: none with `view: false`; with `true`, or if nothing is configured, one
 * below `.spack-env`.
 *
 * Source: `lib/spack/spack/environment/environment.py`, `_process_view` and `ViewDescriptor`.
 *
 * @param paths with the directory as the path of the active environment
 * @throws SpackOciError the errors of {@link Configuration.section}
 */
export function environmentViews(
  directory: string,
  configuration: Configuration,
  paths: PathContext,
): readonly ConfiguredView[] {
  const configured = configuration.section("view");
  if (configured.kind === "scalar" && configured.value === false) return [];
  const view = (name: string, root: ConfigScalar, settings?: ConfigValue) =>
    readView(name, { root, settings, directory, paths });
  if (configured.kind === "map" && configured.entries.size > 0) {
    return [...configured.entries].map(([name, { value }]) =>
      view(name, child(value, "root") as ConfigScalar, value),
    );
  }
  const isPath = configured.kind === "scalar" && configured.type === "string" && configured.value !== "";
  return [view(DEFAULT_VIEW, isPath ? configured : text(join(directory, ".spack-env", "view")))];
}

interface ViewSource {
  readonly root: ConfigScalar;
  readonly settings: ConfigValue | undefined;
  readonly directory: string;
  readonly paths: PathContext;
}

function readView(name: string, { root, settings, directory, paths }: ViewSource): ConfiguredView {
  const setting = (key: string) => asString(child(settings, key));
  const projections = projectionsIn(child(settings, "projections"));
  return {
    name,
    root: canonicalizePath(root, paths, directory),
    link: (setting("link") ?? "all") as ConfiguredView["link"],
    linkType: (setting("link_type") ?? "symlink") as ConfiguredView["linkType"],
    select: textsIn(child(settings, "select")),
    exclude: textsIn(child(settings, "exclude")),
    projections: new Map(
      [...projections].map(([spec, format]) => [spec, substituteVariables(format, paths)]),
    ),
    written: { root: asString(root) ?? "", projections },
  };
}

function projectionsIn(value: ConfigValue | undefined): ReadonlyMap<string, string> {
  if (value?.kind !== "map") return new Map();
  return new Map([...value.entries].map(([spec, entry]) => [spec, asString(entry.value) ?? ""]));
}

function textsIn(value: ConfigValue | undefined): readonly string[] {
  return value?.kind === "list" ? value.items.map((item) => asString(item) ?? "") : [];
}
