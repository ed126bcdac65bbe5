// Puts the errors of the operating system into words: what could not be done, where, and why.

/** The program or path, and the reason in `spawn git ENOENT` and `EACCES: permission denied, open '/x'`. */
const SPAWN = /^spawn(?:Sync)? (\S+) [A-Z0-9]+$/;
const CALL = /^(?:[A-Z0-9_]+|Unknown system error -?\d+): ([^,]+), (\w+)/;

/** @returns undefined for an error that is not one of the operating system */
export function systemMessage(error: Error): string | undefined {
  const { code, syscall, path, message } = error as NodeJS.ErrnoException;
  if (code === undefined || !/^(?:E[A-Z0-9]+|Unknown system error -?\d+)$/.test(code)) return undefined;
  const program = SPAWN.exec(message)?.[1];
  if (program !== undefined) return `Cannot run ${program} (${code}).`;
  const [, reason = message, call = syscall] = CALL.exec(message) ?? [];
  const what = call === undefined ? "complete a system call" : [call, path ?? ""].join(" ").trim();
  return `Cannot ${what}: ${reason.replace(/^Unknown system error -?/, "system error ")} (${code}).`;
}
