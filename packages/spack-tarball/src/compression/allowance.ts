// How readers ask whether they may hold more of a layer in memory than they must.

/** A share of the process's memory. */
export interface Allowance {
  /** Takes bytes. @returns whether it did; if so, they are given back */
  take(bytes: number): boolean;
  give(bytes: number): void;
}

/** For readers that need not ask, because few of them run at once. */
export const UNLIMITED: Allowance = { take: () => true, give: () => {} };
