// Sets on a spec what a token says of its architecture.
import { SpackOciError } from "@spack-oci/errors";
import type { AbstractSpec } from "../model/abstract-spec.js";
import { type Architecture, isConcreteArchitecture } from "../model/architecture.js";
import type { HostArchitecture } from "./parse-options.js";

/** The parts of `platform-os-target`; anything else is a target. */
export function wholeArchitecture(text: string): Partial<Architecture> {
  const [platform, os, target, ...rest] = text.split("-");
  const isWhole = target !== undefined && rest.length === 0;
  return isWhole ? { platform, os, target } : { platform: undefined, os: undefined, target: text };
}

/**
 * Sets `parts` on `spec` (`spack/spec.py: Spec._set_architecture`, `ArchSpec`).
 *
 * @param host the machine that `os=fe` and the like stand for
 * @throws SpackOciError `ERR_SPEC_SETTING` if a part is set already
 */
export function applyArchitecture(
  spec: AbstractSpec,
  parts: Partial<Architecture>,
  host: HostArchitecture | undefined,
): void {
  const current = spec.architecture;
  if (current !== undefined && isConcreteArchitecture(current)) {
    throw settingError("Spec cannot have two architectures.");
  }
  let next: Architecture = current ?? { platform: undefined, os: undefined, target: undefined };
  for (const part of ["platform", "os", "target"] as const) {
    if (!(part in parts)) continue;
    if (current?.[part]) throw settingError(`Cannot specify '${part}' twice`);
    // Spack reads None as open, but for a platform or system that is set later than other parts.
    const isOpen =
      parts[part] === "" || (parts[part] === "None" && (current === undefined || part === "target"));
    next = withPart(next, part, isOpen ? undefined : parts[part], host);
  }
  spec.architecture = next;
}

const hostNames = {
  platform: [] as readonly string[],
  os: ["default_os", "frontend", "fe", "backend", "be"],
  target: ["default_target", "frontend", "fe", "backend", "be"],
};

function withPart(
  architecture: Architecture,
  part: "platform" | "os" | "target",
  value: string | undefined,
  host: HostArchitecture | undefined,
): Architecture {
  if (value === undefined || host === undefined || !hostNames[part].includes(value)) {
    return { ...architecture, [part]: value };
  }
  const platform = architecture.platform ?? host.platform;
  if (platform === host.platform) return { ...architecture, platform, [part]: host[part] };
  const what = part === "os" ? "OS" : "target";
  throw settingError(
    `Can't set arch spec ${what} to reserved value '${value}' when the arch platform (${platform}) ` +
      `isn't the current platform (${host.platform})`,
  );
}

/** The error of a setting that cannot be made; the parser adds where it stands. */
export function settingError(message: string): SpackOciError {
  return new SpackOciError("ERR_SPEC_SETTING", message, { kind: "usage" });
}
