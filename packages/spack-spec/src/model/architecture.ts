// Platform, operating system and target of a spec, each of which may be unset.

/** What a spec says about where it runs. In a constraint the target may be a list of names and ranges. */
export interface Architecture {
  readonly platform: string | undefined;
  readonly os: string | undefined;
  readonly target: string | undefined;
}

/** `platform-os-target`, with `None` for unset parts (`spack/spec.py: ArchSpec.__str__`). */
export function formatArchitecture({ platform, os, target }: Architecture): string {
  return `${platform ?? "None"}-${os ?? "None"}-${target ?? "None"}`;
}

/** Whether all three are set and the target is a single one. */
export function isConcreteArchitecture({ platform, os, target }: Architecture): boolean {
  return Boolean(platform && os && target) && isConcreteTarget(target);
}

/** Whether `target` is one name, not a range and not a list. */
export function isConcreteTarget(target: string | undefined): boolean {
  return target !== undefined && !/[:,]/.test(target);
}
