// Decides whether text has colors.

import type { OutputStream } from "./console.js";

/** What `--color` takes. */
export type ColorSetting = "auto" | "always" | "never";

/** What the decision depends on. */
interface ColorContext {
  readonly setting: ColorSetting | undefined;
  readonly environment: NodeJS.ProcessEnv;
  readonly stream: Pick<OutputStream, "isTTY">;
}

/**
 * The first that has an opinion wins: `--color`, `SPACK_COLOR` (Spack: llnl/util/tty/color.py), `FORCE_COLOR`
 * (https://force-color.org), `NO_COLOR` (https://no-color.org), a dumb terminal, and whether there is a terminal.
 */
export function usesColors({ setting, environment, stream }: ColorContext): boolean {
  const { SPACK_COLOR: spack, FORCE_COLOR: force, NO_COLOR: none, TERM: terminal } = environment;
  for (const chosen of [setting, spack]) {
    if (chosen === "always") return true;
    if (chosen === "never") return false;
  }
  if (force) return force !== "0" && force !== "false";
  return stream.isTTY === true && !none && terminal !== "dumb";
}
