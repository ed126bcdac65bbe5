// Spack's words for what this program does, and what to do instead of those that it does not have.

import { commandPosition } from "./command-position.js";
import { translateView } from "./words-of-view.js";

/** A command of this program for one of Spack's, with Spack's flags that have another name here or no meaning. */
interface Translation {
  readonly command: readonly string[];
  readonly flags?: Readonly<Record<string, string>>;
}

const REBUILD_INDEX = { "--rebuild-index": "--update-index" };

/** Subcommands of `spack buildcache` (Spack: cmd/buildcache.py). `list` is a command of its own here. */
const BUILDCACHE: Readonly<Record<string, Translation>> = {
  push: { command: ["push"], flags: REBUILD_INDEX },
  create: { command: ["push"], flags: REBUILD_INDEX },
  install: { command: ["install"] },
  sync: { command: ["copy"] },
  "update-index": { command: ["update-index"], flags: { "-y": "", "--yes-to-all": "" } },
  "rebuild-index": { command: ["update-index"], flags: { "-y": "", "--yes-to-all": "" } },
  "check-index": { command: ["check"] },
  prune: { command: ["prune"], flags: { "-k": "--keep-list", "--keeplist": "--keep-list" } },
};

/** The first column is what Spack calls it. */
export const BUILDCACHE_WORDS: readonly (readonly [word: string, command: string])[] = Object.entries(
  BUILDCACHE,
).map(([word, { command }]) => [word, command.join(" ")]);

/**
 * The arguments in the words of this program: `buildcache push` as `push`, `load` as `env`, `view hardlink` as
 * `view --link hard`, `mirror rm` as `mirror remove`, and `help COMMAND` as `COMMAND --help`. Anything else stays as it
 * is.
 */
export function translateWords(args: readonly string[]): readonly string[] {
  const position = commandPosition(args);
  if (typeof position !== "number") return args;
  const globals = args.slice(0, position);
  const [word = "", ...rest] = args.slice(position);
  if (word === "help") return [...globals, ...translateWords(rest), "--help"];
  const [member = "", ...others] = rest;
  if (word === "load") {
    const isList = rest.includes("--list");
    const specs = rest.filter((each) => each !== "--list");
    return [...globals, ...(isList ? ["find", "--loaded"] : ["env"]), ...specs];
  }
  if (word === "view") return [...globals, "view", ...translateView(rest)];
  if (word === "unload") {
    // Without specs, all packages are unloaded.
    const specs = rest.flatMap((each) => translateFlag(each, { "-a": "", "--all": "" }));
    return [...globals, "env", "--unload", ...specs];
  }
  if (word === "mirror" && member === "rm") return [...globals, "mirror", "remove", ...others];
  if (word !== "buildcache" || !Object.hasOwn(BUILDCACHE, member)) return args;
  const { command, flags = {} } = BUILDCACHE[member] as Translation;
  return [...globals, ...command, ...others.flatMap((each) => translateFlag(each, flags))];
}

function translateFlag(word: string, flags: Readonly<Record<string, string>>): readonly string[] {
  const [flag = "", ...value] = word.split("=");
  if (!Object.hasOwn(flags, flag)) return [word];
  return flags[flag] === "" ? [] : [[flags[flag], ...value].join("=")];
}

const CREDENTIALS =
  "Credentials are not given on the command line: run `spack-oci login HOST`, set SPACK_OCI_USERNAME and\n" +
  "SPACK_OCI_PASSWORD, or configure the mirror (spack-oci mirror set --oci-username USER --oci-password-variable NAME MIRROR;\n" +
  "NAME is the name of a variable, not the password).";

const UNSIGNED =
  "Packages in registries are not signed with GnuPG; leave it out. `spack-oci sign` and --sign-key sign them as cosign does.";

const BUILDS = "Nothing is ever built here: run `spack install` for that.";

const BY_HASH = "Name each package by its hash: spack-oci install /abcdefg /bcdefgh.";

const ONE_INDEX = "A buildcache in a registry has one index, without views; leave it out.";

const COMMANDS: Readonly<Record<string, string>> = {
  keys: "Packages in registries have no GnuPG keys; --verify-key FILE names the key of those that `spack-oci sign` signed.",
  download:
    "`spack-oci pull MIRROR SPEC --root DIR` installs a package below a directory, and `spack-oci copy MIRROR oci-layout:DIR SPEC` copies it there.",
  migrate: "The layout of buildcaches in registries has not changed; there is nothing to migrate.",
  "save-specfile": "`spack spec --json` writes spec files.",
  check:
    "`spack-oci check MIRROR` verifies a buildcache. Only Spack knows which packages need to be rebuilt: run `spack buildcache check`.",
  sync: "`spack-oci copy FROM TO` copies buildcaches.",
};

/** Other commands of Spack (Spack: lib/spack/spack/cmd). */
const SPACKS_OWN = new Set(
  `add arch blame bootstrap build-env cd change checksum ci clean commands compiler compilers concretize containerize
   create deconcretize debug dependencies dependents deprecate dev-build develop docs edit extensions external fetch
   gpg graph info license location logs maintainers mark module patch pkg providers pydoc python remove repo
   resource restage solve spec stage style tags test test-env tutorial undevelop unit-test url verify
   versions`.split(/\s+/),
);

const NO_WINDOWS = "This is for Windows, which is not supported.";

const OPTIONS: Readonly<Record<string, string>> = {
  "--oci-username": CREDENTIALS,
  "--oci-username-variable": CREDENTIALS,
  "--oci-password": CREDENTIALS,
  "--oci-password-variable": CREDENTIALS,
  "--key": UNSIGNED,
  "-k": UNSIGNED,
  "--keys": UNSIGNED,
  "--signed": UNSIGNED,
  "--append": ONE_INDEX,
  "--name": ONE_INDEX,
  "--no-cache": BUILDS,
  "--source": BUILDS,
  "--until": BUILDS,
  "--test": BUILDS,
  "--add": "`spack add` adds packages to an environment.",
  "--mirror-url": "Mirrors are arguments: spack-oci check MIRROR.",
  "--manifest-glob": "`spack-oci copy FROM TO` copies from mirrors only.",
  "--multiple": BY_HASH,
  "-m": BY_HASH,
  "--use-buildcache": BUILDS,
  "--remove": "Only `spack uninstall --remove` and `spack remove` edit spack.yaml.",
  "--origin": "Only `spack uninstall --origin` selects records by their origin.",
  "--dependencies": "Dependencies are added unless you use --no-dependencies.",
  "--bat": NO_WINDOWS,
  "--pwsh": NO_WINDOWS,
  "--projection-file": "Only Spack makes views with projections: run `spack view`.",
};

const RECIPES = "Only Spack evaluates recipes and packages.yaml: run `spack find`.";

const IN_BUCKETS = "Only Spack changes settings for S3: run `spack mirror`.";

const S3 =
  "access-key-id access-key-id-variable access-key-secret-variable access-token-variable profile endpoint-url";

const OF_MIRRORS: Readonly<Record<string, string>> = Object.fromEntries([
  ...S3.split(" ").map((name) => [`--s3-${name}`, IN_BUCKETS]),
  ...["--name", "-n"].map((flag) => [flag, "Only Spack names views of indexes: run `spack mirror`."]),
]);

/** Options of Spack that mean something else in other commands. */
const OPTIONS_OF: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  find: {
    "-t": RECIPES,
    "--tag": RECIPES,
    "-u": RECIPES,
    "--unknown": RECIPES,
    "--show-configured-externals": RECIPES,
    "--show-full-compiler": "This has no effect in Spack; leave it out.",
  },
  "update-index": { "--force": ONE_INDEX, "-f": ONE_INDEX, "-a": ONE_INDEX, "-n": ONE_INDEX },
  "mirror add": OF_MIRRORS,
  "mirror set": OF_MIRRORS,
};

/**
 * A sentence about an unknown command or option; undefined if Spack does not have it either.
 *
 * @param command the name of the command that has no such option
 */
export function adviceOnWord(word: string, command = ""): string | undefined {
  const own = Object.hasOwn(OPTIONS_OF, command) ? OPTIONS_OF[command] : undefined;
  if (own !== undefined && Object.hasOwn(own, word)) return own[word];
  const words = word.startsWith("-") ? OPTIONS : COMMANDS;
  if (Object.hasOwn(words, word)) return words[word];
  return SPACKS_OWN.has(word) ? `This is a command of Spack: run \`spack ${word}\`.` : undefined;
}
