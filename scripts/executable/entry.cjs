// The command's entry inside of an executable; otherwise it is packages/cli/bin/spack-oci.cjs.
const { availableParallelism } = require("node:os");

// Compression keeps a thread per processor busy, and files must not wait behind it.
process.env.UV_THREADPOOL_SIZE ??= String(availableParallelism() + 4);

import("spack-oci").then(({ runProcess }) => runProcess(process.argv.slice(2)));
