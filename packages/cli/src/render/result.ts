// The result of every command: one JSON document, lines for people, and an exit status.

export interface CommandResult {
  readonly json: unknown;
  /** Lines for standard output. */
  readonly lines: readonly string[];
  readonly status: number;
  /** Whether to shorten padded paths in the lines, as Spack does. Not for paths that users copy. */
  readonly shortensPadding?: boolean;
  /** What the command does after its result was printed, until it is interrupted. */
  readonly afterwards?: () => Promise<void>;
}
