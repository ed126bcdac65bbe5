// Copies one piece of content between targets: mounted where the host can, streamed where not, never by way of a disk.
import type { Descriptor } from "../content/descriptor.js";
import { isMounter, type PushOptions, type PushOutcome, type Target } from "../target/target.js";

/** Copies one blob, or a manifest without what it refers to. */
export function copyContent(
  from: Target,
  to: Target,
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
