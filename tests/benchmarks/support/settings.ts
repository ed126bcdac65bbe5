// How much is measured: scripts/bench.mjs turns its options into these variables.

/** How large the cases are, and which of them run. */
export interface Settings {
  /** How often each rival runs in a case. */
  readonly rounds: number;
  /** In the stores of a few and of many small packages; the sample store has 20, of which they are multiples. */
  readonly few: number;
  readonly many: number;
  /** Sizes of packages, in megabytes. */
  readonly large: number;
  readonly huge: number;
  /** Files in the package of many files. */
  readonly files: number;
  /** Megabytes that are copied from registry to registry. */
  readonly copied: number;
  /** Whether what takes very long is measured as well. */
  readonly isFull: boolean;
  /** Whether it is only to be seen that everything works. */
  readonly isQuick: boolean;
  /** The beginning of the names of the cases that are wanted. */
  readonly only: string | undefined;
}

const DEFAULTS = { rounds: 3, few: 20, many: 200, large: 300, huge: 2000, files: 30_000, copied: 1000 };
const QUICK = { rounds: 1, few: 20, many: 20, large: 4, huge: 8, files: 200, copied: 4 };

/** @throws Error where a number is none */
export function readSettings(variables: NodeJS.ProcessEnv): Settings {
  const isQuick = variables["SPACK_OCI_BENCH_QUICK"] !== undefined;
  const sizes = Object.entries(isQuick ? QUICK : DEFAULTS).map(([name, size]) => {
    const variable = `SPACK_OCI_BENCH_${name.toUpperCase()}`;
    const number = Number(variables[variable] ?? size);
    if (!Number.isInteger(number) || number < 1)
      throw new Error(`${variable} is no number: ${variables[variable]}`);
    return [name, number];
  });
  return {
    ...(Object.fromEntries(sizes) as typeof DEFAULTS),
    isFull: isQuick || variables["SPACK_OCI_BENCH_FULL"] !== undefined,
    isQuick,
    only: variables["SPACK_OCI_BENCH_ONLY"],
  };
}
