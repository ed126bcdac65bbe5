// Installs the dependencies with the pinned pnpm, for jobs that run no tests.

import { install } from "./workspace.mjs";

install();
