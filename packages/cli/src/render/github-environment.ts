// Writes variables in the format of the file that GitHub Actions reads after each step.

import type { ChangedVariable } from "./shell.js";

/**
 * Lines to append to `$GITHUB_ENV` ("Workflow commands for GitHub Actions", "Setting an environment variable"). A
 * variable cannot be unset there, so it becomes empty.
 */
export function githubEnvironment(variables: readonly ChangedVariable[]): string[] {
  return variables.flatMap(([name, value = ""]) => {
    if (!/[\r\n]/.test(value)) return [`${name}=${value}`];
    const end = unusedLine(value);
    return [`${name}<<${end}`, value, end];
  });
}

/** A line that the value does not contain. */
function unusedLine(value: string): string {
  let end = "END_OF_VALUE";
  while (value.includes(end)) end += "_";
  return end;
}
