// Keeps the arrows between packages, and inside them, as docs/architecture.md draws them.

const only = (from, allowed) => ({
  name: `${from}-imports-only-downward`,
  severity: "error",
  from: { path: `^packages/${from}/src` },
  to: { path: "^packages/", pathNot: `^packages/(${[from, "errors", ...allowed].join("|")})/` },
});

export default {
  forbidden: [
    only("errors", []),
    only("files", []),
    only("oci-client", []),
    only("spack-tarball", ["files"]),
    only("spack-spec", []),
    only("spack-config", ["spack-spec"]),
    only("spack-store", ["spack-spec", "files"]),
    only("buildcache", ["oci-client", "spack-tarball", "spack-spec", "spack-config", "spack-store"]),
    only("cli", ["buildcache"]),
    {
      name: "no-circles",
      severity: "error",
      from: { path: "^packages/[^/]+/src" },
      to: { circular: true },
    },
    {
      name: "spack-spec-has-no-input-or-output",
      comment: "Of Node's modules, spack-spec may use only those that compute.",
      severity: "error",
      from: { path: "^packages/spack-spec/src" },
      to: { dependencyTypes: ["core"], pathNot: "^(node:)?(crypto|path)$" },
    },
    {
      name: "undici-stays-in-the-transport",
      severity: "error",
      from: { path: "^packages/", pathNot: "^packages/oci-client/(src/transport|test)" },
      to: { path: "node_modules/undici" },
    },
    {
      name: "sources-do-not-import-tests",
      severity: "error",
      from: { path: "^packages/[^/]+/src" },
      to: { path: "^(tests|packages/[^/]+/test)/" },
    },
    {
      name: "resolvable",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(dist|coverage)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default"] },
  },
};
