// Carries the words after `--` through the parser of the command line as they are, empty ones and options included.

const SEPARATOR = "--";

/**
 * Makes one word of everything from `--` on; the parser is told by a `--` of its own that it is not an option.
 *
 * @returns the arguments as they are if they have no `--`
 */
export function packProgram(args: readonly string[]): readonly string[] {
  const at = args.indexOf(SEPARATOR);
  if (at < 0) return args;
  return [...args.slice(0, at), SEPARATOR, SEPARATOR + JSON.stringify(args.slice(at + 1))];
}

/**
 * Splits words that {@link packProgram} made.
 *
 * @returns the words before `--`, and those after it: none without a `--`
 */
export function unpackProgram(words: readonly string[]): {
  readonly before: readonly string[];
  readonly program: readonly string[];
} {
  const last = words.at(-1);
  if (last?.startsWith(SEPARATOR) !== true) return { before: words, program: [] };
  const program = JSON.parse(last.slice(SEPARATOR.length)) as readonly string[];
  return { before: words.slice(0, -1), program };
}
