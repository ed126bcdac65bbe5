// The frame of Python programs that Spack runs: one request on standard input, one answer on standard output.

/**
 * A program that reads a request as JSON and writes an answer as JSON.
 *
 * Recipes may print, so the answer has its own file descriptor.
 *
 * @param definition Python code that defines `respond(request)`
 */
export function spackProgram(definition: string): string {
  return `
import json, os, sys
answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)
${definition.trim()}

json.dump(respond(json.load(sys.stdin)), answers)
answers.flush()
`;
}
