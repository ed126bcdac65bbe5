// Enforces the arrows between and inside packages that docs/architecture.md draws.

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
    only("signatures", ["oci-client"]),
    only("spack-tarball", ["files"]),
    only("spack-spec", []),
    only("spack-config", ["spack-spec"]),
    only("spack-store", ["spack-spec", "files"]),
    only("spack-views", ["spack-spec", "spack-tarball", "files"]),
    only("spack-modules", ["spack-spec"]),
    only("bill-of-materials", ["spack-spec"]),
    only("site", ["spack-spec"]),
    only("buildcache", [
      "bill-of-materials",
      "files",
      "oci-client",
      "signatures",
      "spack-tarball",
      "spack-spec",
      "spack-config",
      "spack-store",
      "spack-views",
      "spack-modules",
      "site",
    ]),
    only("cli", ["buildcache", "spack-spec", "spack-config", "spack-store", "site"]),
    {
      name: "no-circles",
      severity: "error",
      from: { path: "^packages/[^/]+/src" },
      to: { circular: true },
    },
    {
      name: "no-rings-of-folders",
      severity: "error",
      scope: "folder",
      from: { path: "^packages/[^/]+/src" },
      to: { circular: true },
    },
    {
      name: "verbs-are-leaves",
      severity: "error",
      from: { path: "^packages/buildcache/src/verbs/([^/]+)/" },
      to: { path: "^packages/buildcache/src/verbs/", pathNot: "^packages/buildcache/src/verbs/$1/" },
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
