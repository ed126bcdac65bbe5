#!/usr/bin/env node
// The command's entry: hands the process's arguments to the compiled command line.
import { main } from "../dist/main.js";

process.exitCode = await main(process.argv.slice(2));
