// One vitest run over every package and every suite, against the sources instead of a stale build.

import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (name: string, entry = "index") =>
  fileURLToPath(new URL(`./packages/${name}/src/${entry}.ts`, import.meta.url));

export default defineConfig({
  resolve: {
    alias: {
      "@spack-oci/errors": source("errors"),
      "@spack-oci/files": source("files"),
      "@spack-oci/oci-client": source("oci-client"),
      "@spack-oci/signatures/policy": source("signatures", "policy/index"),
      "@spack-oci/signatures": source("signatures"),
      "@spack-oci/spack-tarball/compressions": source("spack-tarball", "compression/compressions"),
      "@spack-oci/spack-tarball": source("spack-tarball"),
      "@spack-oci/spack-spec": source("spack-spec"),
      "@spack-oci/spack-config": source("spack-config"),
      "@spack-oci/spack-store": source("spack-store"),
      "@spack-oci/spack-views": source("spack-views"),
      "@spack-oci/spack-modules": source("spack-modules"),
      "@spack-oci/bill-of-materials": source("bill-of-materials"),
      "@spack-oci/site": source("site"),
      "@spack-oci/buildcache/kept-names": source("buildcache", "session/kept-names"),
      "@spack-oci/buildcache/limits": source("buildcache", "schedule/limits"),
      "@spack-oci/buildcache": source("buildcache"),
      "spack-oci": source("cli"),
    },
  },
  test: {
    include: ["packages/*/test/**/*.test.ts", "tests/**/*.test.ts"],
    testTimeout: 60_000,
    // Conditions take longer to come true on busy processors.
    expect: { poll: { timeout: 30_000 } },
    hookTimeout: 60_000,
    maxWorkers: 2,
    coverage: {
      provider: "v8",
      include: ["packages/*/src/**/*.ts"],
      reporter: ["text-summary", "text", "json-summary"],
    },
  },
});
