// What the short way accepts, the long way accepts with the same result; real configs take the short way.

import { fetchManifest, type ImageManifest } from "@spack-oci/oci-client";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseImageConfig } from "../../src/package-image/image-config.js";
import { plainDiffId } from "../../src/package-image/plain-config.js";
import { requireConsistent } from "../../src/package-image/require-consistent.js";
import { fixtureConfig, fixtureLayout, fixtureTags } from "../support/image.js";

const images = await Promise.all(
  (await fixtureTags()).map(async (tag) => {
    const { manifest } = await fetchManifest(fixtureLayout, tag);
    const { layers } = manifest as ImageManifest;
    const layer = layers.at(-1);
    if (layer === undefined) throw new Error(`${tag} has no layer`);
    const text = await fixtureConfig(tag);
    return { tag, layers, layer, text, node: parseImageConfig(text, tag).document.root };
  }),
);
type Image = (typeof images)[number];

async function longWay({ tag, layers, layer, node }: Image, text: string): Promise<string | undefined> {
  const config = parseImageConfig(text, tag);
  await requireConsistent(fixtureLayout, { tag, layers, layer }, { config });
  return config.document.root.hash === node.hash ? config.diffIds.at(-1) : undefined;
}

/** The places of all values in a JSON value. */
function placesIn(value: unknown, place: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [place];
  return [place, ...Object.entries(value).flatMap(([key, each]) => placesIn(each, [...place, key]))];
}

function changed(text: string, place: readonly string[], to: unknown): string {
  const config = JSON.parse(text) as Record<string, unknown>;
  const parent = place
    .slice(0, -1)
    .reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], config);
  const key = place.at(-1);
  if (key === undefined) return JSON.stringify(to);
  if (to === undefined && !Array.isArray(parent)) delete (parent as Record<string, unknown>)[key];
  else (parent as Record<string, unknown>)[key] = to;
  return JSON.stringify(config);
}

describe("plainDiffId", () => {
  it("reads the configs of Spack 1.2", async () => {
    expect(images.length).toBeGreaterThan(15);
    for (const image of images)
      expect(plainDiffId(image.text, image.node, image)).toBe(await longWay(image, image.text));
  });

  it("knows nothing of another package's config", () => {
    const [one, other] = images as [Image, Image];
    expect(plainDiffId(one.text, other.node, one)).toBeUndefined();
    expect(plainDiffId(one.text, one.node, other)).toBeUndefined();
  });

  it.each(["", "null", "[]", "{", '{"spec":{}}', '{"spec":null}'])("knows nothing of %s", (text) => {
    const [image] = images as [Image];
    expect(plainDiffId(text, image.node, image)).toBeUndefined();
  });

  it("accepts nothing that the long way rejects", async () => {
    const changes = fc.constantFrom(
      undefined,
      null,
      0,
      4,
      "",
      "3",
      [],
      {},
      "sha256:0",
      `sha256:${"0".repeat(64)}`,
    );
    const cases = fc.constantFrom(...images).chain((image) =>
      fc.record({
        image: fc.constant(image),
        place: fc.constantFrom(
          ...placesIn(JSON.parse(image.text)).filter(
            ([first, second, third]) => first !== "spec" || second !== "nodes" || third === "0",
          ),
        ),
        to: changes,
      }),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ({ image, place, to }) => {
        const text = changed(image.text, place, to);
        const found = plainDiffId(text, image.node, image);
        if (found !== undefined) expect(await longWay(image, text)).toBe(found);
      }),
      { numRuns: 2000 },
    );
  });
});
