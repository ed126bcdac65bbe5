// The registries that a suite runs against: every real one on PATH, and the tests' own.

import { registryProducts, startRegistryProcess } from "./registry-process.js";
import { startTestRegistry } from "./test-registry/test-registry.js";

/** A registry for the exclusive use of a suite. */
export interface RunningRegistry {
  readonly host: string;
  location(repository: string): string;
  stop(): Promise<void>;
}

/** Names of registries, and how to start each. */
export const registries: readonly [name: string, start: () => Promise<RunningRegistry>][] = [
  ...registryProducts.map((product): [string, () => Promise<RunningRegistry>] => [
    product,
    () => startRegistryProcess(product),
  ]),
  [
    "the test registry",
    async () => {
      const registry = await startTestRegistry();
      return {
        host: registry.host,
        location: (name) => registry.location(name),
        stop: () => registry.close(),
      };
    },
  ],
];

const missing = ["docker-registry", "registry"].filter((name) => !registryProducts.includes(name));
if (missing.length > 0) console.log(`skipped: suites against a real ${missing.join(" and ")}, not on PATH`);
