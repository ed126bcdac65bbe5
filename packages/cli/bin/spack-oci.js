#!/usr/bin/env node
// The command's entry: hands the process to the compiled command line.
import { main, processConsole } from "../dist/index.js";

process.exitCode = await main(process.argv.slice(2), processConsole());
