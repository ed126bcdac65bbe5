// Asks Spack once for the environments of all images of a push, where the user wants that.

import { architectureOf } from "../../base-image/prepare-base-images.js";
import { formatVariables, parseVariables } from "../../image-env/variables.js";
import type { PushWork } from "./push-work.js";

/** What Spack answered, by the roots of the images. */
export class SpackEnvironments {
  readonly #known = new Map<string, readonly string[]>();

  add(roots: readonly string[], environment: readonly string[]): void {
    this.#known.set(roots.join(), environment);
  }

  of(roots: readonly string[]): readonly string[] | undefined {
    return this.#known.get(roots.join());
  }
}

/** Nothing is answered where Spack is not to be asked; an image whose environment Spack cannot tell is warned of. @throws as `spackQuery` does, before anything is written */
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
  const questions = images.map((image) => {
    const base = bases.get(architectureOf(image.first))?.environment ?? [];
    return { roots: image.roots, base: formatVariables(parseVariables(base)) };
  });
  const answers = await spackQuery(store.root, questions, run.signal);
  for (const [index, { name, roots }] of images.entries()) {
    const answer = answers[index];
    if (answer === undefined) continue;
    if ("environment" in answer) environments.add(roots, answer.environment);
    else {
      const message = `Spack cannot tell the environment of ${name}, which is made without it: ${answer.error}`;
      run.listener?.({ type: "warning", message });
    }
  }
  return environments;
}
