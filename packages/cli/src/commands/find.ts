// spack-oci find: lists installed packages like `spack find`.

import { SpackOciError } from "@spack-oci/errors";
import type { SpackEnvironment } from "@spack-oci/spack-config";
import { defineCommand } from "../declaration/command.js";
import { flag, text } from "../declaration/parameter.js";
import { FIND_FILTERS, findFilters } from "../options/find-filters.js";
import { installRootOption } from "../options/install-tree.js";
import { SPECS_ARGUMENT } from "../options/specs.js";
import { renderList } from "./list.js";

export const findCommand = defineCommand({
  name: "find",
  summary: "List installed packages.",
  examples: [
    { purpose: "List what users asked for, with hashes", line: "find -x -l" },
    { purpose: "List prefixes of packages below a directory", line: "find --root $HOME/software --paths" },
  ],
  arguments: { specs: SPECS_ARGUMENT },
  options: {
    root: installRootOption("search"),
    long: flag("-l, --long", "show abbreviated hashes"),
    veryLong: flag("-L, --very-long", "show full hashes"),
    paths: flag("-p, --paths", "show prefixes"),
    variants: flag("-v, --variants", "show variants"),
    namespaces: flag("-N, --namespaces", "show namespaces"),
    flags: flag("-f, --show-flags", "show compiler flags"),
    deps: flag("-d, --deps", "show dependencies"),
    installStatus: flag(
      "-I, --install-status",
      "show whether each package is installed, external or upstream",
    ),
    explicit: flag("-x, --explicit", "only packages that a user asked for"),
    implicit: flag("-X, --implicit", "only packages that were installed as dependencies"),
    external: flag("--external", "only externals"),
    missing: flag("-m, --missing", "also packages that are recorded but not installed"),
    onlyMissing: flag("-M, --only-missing", "only packages that are recorded but not installed"),
    deprecated: flag("--deprecated", "also deprecated packages"),
    onlyDeprecated: flag("--only-deprecated", "only deprecated packages"),
    onlyRoots: flag("-r, --only-roots", "in an environment, only its roots"),
    showConcretized: flag("-c, --show-concretized", "in an environment, also packages to be installed"),
    ...FIND_FILTERS,
    groups: flag("--groups", "group by architecture and compiler, even with --format"),
    noGroups: flag("--no-groups", "do not group by architecture and compiler"),
    format: text("--format <format>", "format of each package, such as {name}@{version}/{hash:7}"),
    specfileFormat: flag("--specfile-format", "show the format of each package's spec"),
    onlyHashes: flag("-H, --hashes", "the same as --format {/hash}"),
  },
  async run(
    { specs, root, loaded, startDate, endDate, tree, ...options },
    { session, json, color, columns },
  ) {
    rejectContradictions(options);
    const { find } = await import("@spack-oci/buildcache");
    const { renderFind } = await import("@spack-oci/spack-spec");
    const { readSpecFile } = await import("@spack-oci/spack-config");
    const store = await session.stores.open(root, "--root");
    const upstreams = await session.stores.upstreams(root);
    const catalog = await find({ upstreams }, { store });
    const filters = await findFilters({ loaded, startDate, endDate, tree }, catalog, {
      roots: [store, ...upstreams].map((each) => each.root),
      session,
      root,
    });
    const { environment } = session.spack;
    const described = environment && (await describeEnvironment(environment));
    const destination = described && (await session.stores.destination({ root }));
    const { format, explicit, groups, noGroups, ...shown } = options;
    const found = renderFind(catalog, {
      ...shown,
      ...(options.onlyHashes ? { format: "{/hash}" } : format === undefined ? {} : { format }),
      ...(groups || noGroups ? { groups } : {}),
      ...filters,
      ...(explicit || options.implicit ? { explicit } : {}),
      ...(described === undefined ? {} : { environment: described }),
      futurePrefixOf: (hash) => {
        const node = described?.graph.get(hash);
        if (node === undefined || destination === undefined) return undefined;
        return node.external?.path ?? destination.prefixOf(described?.graph ?? new Map(), node);
      },
      status: statuses(options),
      constraints: specs,
      parse: { readSpecFile },
      json,
      style: { color, ...(columns === undefined ? {} : { columns }) },
      instance: { installTree: store.root },
    });
    return renderList(found, json);
  },
});

interface StatusFlags {
  readonly missing: boolean;
  readonly onlyMissing: boolean;
  readonly deprecated: boolean;
  readonly onlyDeprecated: boolean;
}

/** As Spack combines them (`spack/cmd/find.py: query_arguments`). */
function statuses({ missing, onlyMissing, deprecated, onlyDeprecated }: StatusFlags) {
  const first = onlyMissing ? "missing" : onlyDeprecated ? "deprecated" : "installed";
  return [
    first,
    ...(missing ? (["missing"] as const) : []),
    ...(deprecated ? (["deprecated"] as const) : []),
  ] as const;
}

function rejectContradictions(
  flags: StatusFlags & { readonly explicit: boolean; readonly implicit: boolean },
): void {
  const pairs = [
    ["explicit", "implicit"],
    ["onlyMissing", "onlyDeprecated"],
    ["onlyMissing", "missing"],
    ["onlyMissing", "deprecated"],
    ["onlyDeprecated", "missing"],
    ["onlyDeprecated", "deprecated"],
  ] as const;
  const both = pairs.find(([one, other]) => flags[one] && flags[other]);
  if (both === undefined) return;
  const [one, other] = both.map(
    (name) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
  );
  throw new SpackOciError("ERR_USAGE", `${one} and ${other} contradict each other.`, {
    kind: "usage",
    hint: "Leave one of them out.",
  });
}

async function describeEnvironment(environment: SpackEnvironment) {
  const { textOf } = await import("@spack-oci/spack-spec");
  const { lockfile, userSpecs, name } = environment;
  const locked = new Map(lockfile?.roots.map((root) => [root.spec, root.hash]));
  const roots = userSpecs.map((spec) => {
    const hash = locked.get(textOf(spec));
    return { spec: textOf(spec), ...(hash === undefined ? {} : { hash }) };
  });
  return {
    name,
    roots,
    includedRoots: [...(lockfile?.included.values() ?? [])].flat().map(({ spec }) => spec),
    hashes: lockfile === undefined ? [] : environment.concreteSpecs.map(({ hash }) => hash),
    graph: lockfile?.graph ?? new Map(),
  };
}
