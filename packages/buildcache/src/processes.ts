// Tells whether a process of this machine still runs, so that only what dead ones left is cleaned up.

/** A process that belongs to somebody else is alive, too. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
