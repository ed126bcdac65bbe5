#!/usr/bin/env node
// The command's entry: prepares the process, then hands it to the compiled command line. It is CommonJS because Node starts
// its thread pool before the first line of an ES module runs.
const { enableCompileCache } = require("node:module");
const { availableParallelism } = require("node:os");
const { isMainThread } = require("node:worker_threads");

// Compression keeps a thread per processor busy, and files must not wait behind it.
process.env.UV_THREADPOOL_SIZE ??= String(availableParallelism() + 4);

// Node 22.8 and newer keep compiled code between runs.
enableCompileCache?.();

if (isMainThread) {
  import("../dist/index.js").then(async ({ main, processConsole }) => {
    process.exitCode = await main(process.argv.slice(2), processConsole());
  });
} else {
  // In a bundle, the worker threads run the same file.
  import("@spack-oci/buildcache/worker");
}
