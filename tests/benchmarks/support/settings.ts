// The sizes of the benchmark, from variables that scripts/bench.mjs sets from its options.

/** The sizes of the cases, and which of them run. */
export interface Settings {
  /** How often each rival runs. */
  readonly rounds: number;
  /** Packages in the stores of a few and of many small packages: multiples of 20, the size of the sample store. */
  readonly few: number;
  readonly many: number;
  /** Package sizes in megabytes. */
  readonly large: number;
  readonly huge: number;
  /** Files in the package of many files. */
  readonly files: number;
  /** Megabytes to copy from registry to registry. */
  readonly copied: number;
  /** Packages in the large index. */
  readonly indexed: number;
  /** Whether to run the long cases too. */
  readonly isFull: boolean;
  /** Whether to run tiny sizes, only to see that everything works. */
  readonly isQuick: boolean;
  /** The name of the only case to run. */
  readonly only: string | undefined;
}

const DEFAULTS = {
  rounds: 3,
  few: 20,
  many: 200,
  large: 300,
  huge: 2000,
  files: 30_000,
  copied: 1000,
  indexed: 100_000,
};
const QUICK = { rounds: 1, few: 20, many: 40, large: 4, huge: 8, files: 200, copied: 4, indexed: 2000 };

/** @throws Error if a size is not a positive integer */
export function readSettings(variables: NodeJS.ProcessEnv): Settings {
  const isQuick = variables["SPACK_OCI_BENCH_QUICK"] !== undefined;
  const sizes = Object.entries(isQuick ? QUICK : DEFAULTS).map(([name, size]) => {
    const variable = `SPACK_OCI_BENCH_${name.toUpperCase()}`;
    const number = Number(variables[variable] ?? size);
    if (!Number.isInteger(number) || number < 1)
      throw new Error(`${variable} is not a positive integer: ${variables[variable]}`);
    return [name, number];
  });
  return {
    ...(Object.fromEntries(sizes) as typeof DEFAULTS),
    isFull: isQuick || variables["SPACK_OCI_BENCH_FULL"] !== undefined,
    isQuick,
    only: variables["SPACK_OCI_BENCH_ONLY"],
  };
}
