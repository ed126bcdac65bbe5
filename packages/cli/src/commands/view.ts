// spack-oci view: makes one tree of installed packages, like `spack view`.

import { SpackOciError } from "@spack-oci/errors";
import { defineCommand } from "../declaration/command.js";
import { flag, repeated, requiredArgument } from "../declaration/parameter.js";
import { installRootOption } from "../options/install-tree.js";
import { FIRST_OPTION, installedIn, requireSpecs } from "../options/installed.js";
import { NAMED_SPECS_ARGUMENT } from "../options/specs.js";
import { LINK_OPTION, linkTypeOf } from "../options/view.js";
import { viewLines, viewOutcomeToJson } from "../render/view-outcome.js";
import { isActionOnView } from "../words/words-of-view.js";

export const viewCommand = defineCommand({
  name: "view",
  summary: "Add installed packages and their dependencies to one directory tree.",
  examples: [
    {
      purpose: "Link all files of a package and its dependencies into one tree",
      line: "view $HOME/mofka mofka",
    },
    { purpose: "Make a tree that does not need the store", line: "view /opt/tools hdf5 cmake --link copy" },
  ],
  arguments: {
    directory: requiredArgument("directory", "where the tree is, or will be"),
    specs: NAMED_SPECS_ARGUMENT,
  },
  options: {
    link: LINK_OPTION,
    root: installRootOption("search"),
    exclude: repeated("--exclude <regex>", "leave out packages whose names begin with a match; repeatable"),
    noDependencies: flag("--no-dependencies", "only the named packages"),
    ignoreConflicts: flag(
      "-i, --ignore-conflicts",
      "of several files at one path, take that of the first package",
    ),
    first: FIRST_OPTION,
  },
  async run({ directory, specs, link, root, exclude, noDependencies, ...flags }, { session, run }) {
    if (isActionOnView(directory)) throw onlyOfSpack(directory);
    requireSpecs(specs);
    const patterns = exclude?.map(readPattern);
    const { view } = await import("@spack-oci/buildcache");
    const { store, request } = await installedIn(session, root);
    const result = await view(
      {
        ...request,
        ...flags,
        specs,
        directory,
        linkType: linkTypeOf(link),
        withDependencies: !noDependencies,
        exclude: patterns,
        runSpack: root === undefined ? session.spack.runCommand : undefined,
      },
      { store, run },
    );
    return { json: viewOutcomeToJson(result), lines: viewLines(result), status: 0 };
  },
});

function onlyOfSpack(action: string): SpackOciError {
  return new SpackOciError("ERR_USAGE", `Views are made here, but \`view ${action}\` is not supported.`, {
    kind: "usage",
    hint: `Remove the directory and make the view again, or run \`spack view ${action}\`. Write ./${action} for a directory of this name.`,
  });
}

function readPattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    throw new SpackOciError("ERR_USAGE", `--exclude: ${(error as Error).message}.`, {
      kind: "usage",
      place: text,
      hint: "Give a regular expression, such as py-.*",
      cause: error,
    });
  }
}
