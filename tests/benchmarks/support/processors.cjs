// Preloaded into the command, so that it works as on a machine with SPACK_OCI_BENCH_PROCESSORS processors.

const os = require("node:os");

const count = Number(process.env.SPACK_OCI_BENCH_PROCESSORS);
os.availableParallelism = () => count;
