#!/usr/bin/env node
// The command's entry: prepares the process, then hands it to the compiled command line. It is CommonJS because Node
// starts its thread pool before the first line of an ES module runs.
const { enableCompileCache } = require("node:module");
const { availableParallelism } = require("node:os");
const { setFlagsFromString } = require("node:v8");

// Compression keeps a thread per processor busy, and files must not wait behind it.
process.env.UV_THREADPOOL_SIZE ??= String(availableParallelism() + 4);

// undici parses heads of messages in WebAssembly. To optimize that code takes 35 MB, and longer than it saves.
setFlagsFromString(`--wasm-tiering-budget=${2 ** 31 - 1}`);

// A run is too short to repay early optimization: with V8's own threshold, it takes a third of a pull's CPU time. From
// V8 13 on, Maglev compiles first, and the threshold does not matter.
const v8Major = Number.parseInt(process.versions.v8, 10);
if (v8Major < 12) setFlagsFromString("--interrupt-budget=600000");
else if (v8Major < 13) setFlagsFromString("--invocation-count-for-turbofan=30000");

// V8 lets the heap of new objects grow to 16 MB and more, and waits until the rest has grown to a multiple before it
// looks for what to free, buffers included. A run does not get faster by that. Threads inherit both.
setFlagsFromString("--semi-space-growth-factor=1");
setFlagsFromString("--heap-growing-percent=100");

// Node 22.8 and newer keep compiled code between runs.
enableCompileCache?.();

import("../dist/index.js").then(({ runProcess }) => runProcess(process.argv.slice(2)));
