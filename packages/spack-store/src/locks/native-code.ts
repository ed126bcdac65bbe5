// Loads the native code of koffi, which calls C functions. An executable replaces this file, because it brings the
// code.

import { createRequire } from "node:module";

/** The part of koffi's native code that is used (https://koffi.dev/functions). */
export interface NativeCode {
  load(library: null): { func(prototype: string): unknown };
  /** The error of the last call. */
  errno(): number;
}

/**
 * koffi has a package for each platform. The package koffi itself would add a script that runs when it is installed,
 * and nothing that is used here.
 *
 * @param platform as in `linux-x64`
 * @throws Error if the package is not installed
 */
export function loadNativeCode(platform: string): NativeCode {
  return createRequire(import.meta.url)(`@koromix/koffi-${platform}`) as NativeCode;
}
