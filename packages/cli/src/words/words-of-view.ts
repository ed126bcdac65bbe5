// Spack's words for views: the kind of link is the name of an action, after options of its own (Spack: cmd/view.py).

const LINKS: Readonly<Record<string, string>> = {
  symlink: "soft",
  add: "soft",
  soft: "soft",
  hardlink: "hard",
  hard: "hard",
  copy: "copy",
  relocate: "copy",
};

const withoutDependencies = (value: string) => (/^(no|false)$/i.test(value) ? ["--no-dependencies"] : []);

/** Options before the action that have a value. */
const VALUES: Readonly<Record<string, (value: string) => readonly string[]>> = {
  "-e": (value) => ["--exclude", value],
  "--exclude": (value) => ["--exclude", value],
  "-d": withoutDependencies,
  "--dependencies": withoutDependencies,
};

/** Actions of `spack view` on views that exist. */
const ON_VIEWS = ["remove", "rm", "statlink", "status", "check"];

/**
 * What follows `view`, in the words of this program: `-d no symlink DIR` as `--link soft --no-dependencies DIR`. Without
 * an action of Spack's, it stays as it is.
 */
export function translateView(args: readonly string[]): readonly string[] {
  const [flag = "", ...attached] = (args[0] ?? "").split("=");
  const takesValue = Object.hasOwn(VALUES, flag);
  const length = takesValue && attached.length === 0 ? 2 : 1;
  const value = attached.length > 0 ? attached.join("=") : (args[1] ?? "");
  const rest = args.slice(length);
  if (Object.hasOwn(LINKS, flag)) return ["--link", LINKS[flag] ?? "", ...rest];
  if (!takesValue && !["-v", "--verbose"].includes(flag)) return args;
  const translated = translateView(rest);
  // Without an action, these are options of this program.
  if (translated === rest) return args;
  return [...(takesValue ? (VALUES[flag]?.(value) ?? []) : ["--verbose"]), ...translated];
}

/** Whether a directory is named as one of Spack's actions that this program lacks. */
export function isActionOnView(directory: string): boolean {
  return ON_VIEWS.includes(directory);
}
