// What every command answers with: one JSON document, lines for people, and an exit status.

export interface CommandResult {
  readonly json: unknown;
  /** Lines for standard output. */
  readonly lines: readonly string[];
  readonly status: number;
  /** Whether padded paths in the lines are shortened, as Spack does; not for paths that are to be used. */
  readonly shortensPadding?: boolean;
}
