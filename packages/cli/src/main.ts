// Parses the command line, runs one verb, and answers with an exit status.

export async function main(_argv: readonly string[]): Promise<number> {
  return 0;
}
