// Applies a token to the architecture of a spec.

import { SpackOciError } from "@spack-oci/errors";
import type { AbstractSpec } from "../model/abstract-spec.js";
import { type Architecture, isConcreteArchitecture } from "../model/architecture.js";
import type { ParseOptions } from "./parse-options.js";

/** The parts of `platform-os-target`; anything else is a target. */
export function wholeArchitecture(text: string): Partial<Architecture> {
  const [platform, os, target, ...rest] = text.split("-");
  const isWhole = target !== undefined && rest.length === 0;
  return isWhole ? { platform, os, target } : { platform: undefined, os: undefined, target: text };
}

/**
 * Sets `parts` on `spec` (`spack/spec.py: Spec._set_architecture`, `ArchSpec`).
 *
 * @param host the machine that `os=fe` and similar values refer to
 * @throws SpackOciError `ERR_SPEC_SETTING` if a part is already set
 */
export function applyArchitecture(
  spec: AbstractSpec,
  parts: Partial<Architecture>,
  host: ParseOptions["host"],
): void {
  const current = spec.architecture;
  if (current !== undefined && isConcreteArchitecture(current)) {
    throw settingError("Spec cannot have two architectures.");
  }
  let next: Architecture = current ?? { platform: undefined, os: undefined, target: undefined };
  for (const part of ["platform", "os", "target"] as const) {
    if (!(part in parts)) continue;
    if (current?.[part]) throw settingError(`Cannot specify '${part}' twice`);
    // Spack reads None as unset, except for a platform or operating system set after other parts.
    const isOpen =
      parts[part] === "" || (parts[part] === "None" && (current === undefined || part === "target"));
    const value = isOpen ? undefined : (parts[part] ?? undefined);
    next = { ...next, ...partOf(part, value, { platform: next.platform, host }) };
  }
  spec.architecture = next;
}

const HOST_NAMES = {
  platform: [] as readonly string[],
  os: ["default_os", "frontend", "fe", "backend", "be"],
  target: ["default_target", "frontend", "fe", "backend", "be"],
};

/** One part of an architecture; a name that refers to the host sets the platform, too. */
function partOf(
  part: "platform" | "os" | "target",
  value: string | undefined,
  around: { readonly platform: string | undefined; readonly host: ParseOptions["host"] },
): Partial<Architecture> {
  const { host } = around;
  if (value === undefined || host === undefined || !HOST_NAMES[part].includes(value))
    return { [part]: value };
  const platform = around.platform ?? host.platform;
  if (platform === host.platform) return { platform, [part]: host[part] };
  const what = part === "os" ? "OS" : "target";
  throw settingError(
    `Can't set arch spec ${what} to reserved value '${value}' when the arch platform (${platform}) ` +
      `isn't the current platform (${host.platform})`,
  );
}

/** The error of an invalid setting; the parser adds its position. */
export function settingError(message: string): SpackOciError {
  return new SpackOciError("ERR_SPEC_SETTING", message, { kind: "usage" });
}
