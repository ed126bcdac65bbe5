// Has Spack compute the environments of all images of a push in one call, if the user requests it.

import { architectureOf } from "../../base-image/prepare-base-images.js";
import { formatVariables, parseVariables } from "../../image-env/variables.js";
import type { PushWork } from "./push-work.js";

/** Spack's answers, by the roots of the images. */
export class SpackEnvironments {
  readonly #known = new Map<string, readonly string[]>();

  add(roots: readonly string[], environment: readonly string[]): void {
    this.#known.set(roots.join(), environment);
  }

  of(roots: readonly string[]): readonly string[] | undefined {
    return this.#known.get(roots.join());
  }
}

/**
 * Empty unless Spack is to be run; warns about images whose environment Spack cannot compute.
 *
 * @throws as `spackQuery` does, before anything is written
 */
export async function askEnvironments({
  store,
  plan,
  bases,
  request,
  run,
}: PushWork): Promise<SpackEnvironments> {
  const { spackQuery, tag } = request;
  const environments = new SpackEnvironments();
  if (spackQuery === undefined) return environments;
  const images = plan.todo.map(({ node, tag: name }) => ({ name, first: node, roots: [node.hash] }));
  const [first] = plan.roots;
  if (tag !== undefined && first !== undefined) {
    images.push({ name: tag, first, roots: plan.roots.map((node) => node.hash) });
  }
  if (images.length === 0) return environments;
  const requests = images.map((image) => {
    const base = bases.get(architectureOf(image.first))?.environment ?? [];
    return { roots: image.roots, base: formatVariables(parseVariables(base)) };
  });
  const answers = await spackQuery(store.root, requests, run.signal);
  for (const [index, { name, roots }] of images.entries()) {
    const answer = answers[index];
    if (answer === undefined) continue;
    if ("environment" in answer) environments.add(roots, answer.environment);
    else {
      const message = `Spack could not compute the environment of ${name}, so its image is made without it: ${answer.error}`;
      run.listener?.({ type: "warning", message });
    }
  }
  return environments;
}
