// All cases, in the order in which they run.

import type { Settings } from "../support/settings.js";
import type { BenchmarkCase } from "./benchmark-case.js";
import { copyImage } from "./copy-image.js";
import { indexAndList } from "./index-and-list.js";
import { largeIndex } from "./large-index.js";
import { machO } from "./mach-o.js";
import { machOAlone } from "./mach-o-alone.js";
import { oneNewPackage } from "./one-new-package.js";
import { presentPackages } from "./present-packages.js";
import { pullOnePackage } from "./pull-one-package.js";
import { pushOnePackage } from "./push-one-package.js";
import { scaling } from "./scaling.js";
import { smallPackages } from "./small-packages.js";
import { start } from "./start.js";
import { verifiedPackages } from "./verified-packages.js";

const allCases: readonly BenchmarkCase[] = [
  start,
  ...smallPackages,
  scaling,
  verifiedPackages,
  ...presentPackages,
  ...oneNewPackage,
  ...indexAndList,
  largeIndex,
  ...pushOnePackage,
  ...pullOnePackage,
  machO,
  machOAlone,
  copyImage,
];

/**
 * The cases to run: those named, or all that are not too long.
 *
 * @throws Error if no case has that name
 */
export function chooseCases({ only, isFull }: Settings): readonly BenchmarkCase[] {
  if (only === undefined) return allCases.filter(({ isLong = false }) => isFull || !isLong);
  const chosen = allCases.filter(({ name }) => only.split(",").includes(name));
  if (chosen.length > 0) return chosen;
  throw new Error(`no case is called ${only}; the cases are ${allCases.map(({ name }) => name).join(", ")}`);
}
