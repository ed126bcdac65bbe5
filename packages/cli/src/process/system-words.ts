// The words of a system error without the form that Node gives them.

/** `permission denied, open '/x' (EACCES)` for `EACCES: permission denied, open '/x'`; other texts stay as they are. */
export function systemWords(message: string): string {
  return message.replace(/^(E[A-Z0-9]+): (.+)$/s, "$2 ($1)");
}

/** The reason in `EACCES: permission denied, open '/x'`, without the call; other texts stay as they are. */
export function systemReason(message: string): string {
  return /^E[A-Z0-9]+: ([^,]+)/.exec(message)?.[1] ?? message;
}
