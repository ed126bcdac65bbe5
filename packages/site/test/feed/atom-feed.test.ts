// The feed is XML with the latest packages, whatever they are called.

import { describe, expect, it } from "vitest";
import { syntheticCatalog } from "../../../../tests/support/synthetic-catalog.js";
import { atomFeed } from "../../src/feed/atom-feed.js";
import { catalogWith, packageWith } from "../support/specs.js";

const titles = (feed: string) => [...feed.matchAll(/<title>(.*?)<\/title>/gs)].map(([, title]) => title);

describe("the feed", () => {
  it("has the latest hundred, the newest first", () => {
    const feed = atomFeed(syntheticCatalog(300));
    const times = [...feed.matchAll(/<updated>(.*?)<\/updated>/g)].map(([, time]) => time as string);
    expect(times).toHaveLength(101);
    expect(times[0]).toBe(times[1]);
    expect(times.slice(1)).toEqual(times.slice(1).sort().reverse());
  });

  it("leads to the build on the page", () => {
    const catalog = syntheticCatalog(1);
    expect(atomFeed(catalog)).toContain(`href="index.html#/build/${catalog.packages[0]?.hash}"`);
  });

  it("escapes names, and shows what is invisible", () => {
    const [made] = syntheticCatalog(1).packages;
    const hostile = {
      ...packageWith({ name: '<b onload="x">\u0000\u202E&\uD800' }),
      image: made?.image as never,
    };
    expect(titles(atomFeed(catalogWith([hostile])))[1]).toBe(
      "&lt;b onload=&quot;x&quot;&gt;&lt;U+0000&gt;&lt;U+202E&gt;&amp;\uFFFD@1.0",
    );
  });

  it("leaves out what has no date", () => {
    expect(titles(atomFeed(catalogWith([packageWith({ name: "undated" })])))).toEqual([
      "oci://example.org/cache",
    ]);
  });
});
