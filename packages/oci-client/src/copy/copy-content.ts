// Copies one piece of content between targets: mounted if the host can do that, else streamed, never through a disk.

import type { Descriptor } from "../content/descriptor.js";
import { isMounter, type PushOptions, type PushOutcome, type Target } from "../storage/target.js";

/** Where to copy from and to. */
export interface CopyRoute {
  readonly from: Target;
  readonly to: Target;
}

/** Copies one blob, or a manifest without its children. */
export function copyContent(
  { from, to }: CopyRoute,
  descriptor: Descriptor,
  options: PushOptions = {},
): Promise<PushOutcome> {
  const { signal } = options;
  return to.push(descriptor, () => from.fetch(descriptor, { signal }), {
    ...options,
    mountFrom: mountSources(from, to),
    sources: (child) => () => from.fetch(child, { signal }),
  });
}

function mountSources(from: Target, to: Target): string[] {
  const mountable =
    isMounter(from) && isMounter(to) && from.host === to.host && from.repository !== to.repository;
  return mountable ? [from.repository] : [];
}
