// Listing any number of tags takes the memory of one page.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { json } from "../../../../../tests/support/test-registry/answer.js";
import { useRegistry } from "../../support/registry.js";

const context = useRegistry();
const counter = fileURLToPath(new URL("tag-counter.mjs", import.meta.url));
/** The limit of the heap in MiB; all tags together are larger. */
const heap = 40;
const pages = 400;

/** Pages of 1000 tags of 128 characters each, generated on request. */
function serveEndlessTags(): void {
  const path = "/v2/org/many/tags/list";
  context.registry.fault({
    path: /tags\/list/,
    times: Number.POSITIVE_INFINITY,
    rewrite: (_, { url }) => {
      const page = Number(url.searchParams.get("page") ?? 0);
      const tags = Array.from({ length: 1000 }, (_, i) => `${page * 1000 + i}-`.padEnd(128, "x"));
      return json(200, { tags }, page + 1 < pages ? { link: `<${path}?page=${page + 1}>; rel="next"` } : {});
    },
  });
}

test("lists 400 000 tags in a heap that cannot hold them", { timeout: 120_000 }, async () => {
  serveEndlessTags();
  const { stdout } = await promisify(execFile)(process.execPath, [
    `--max-old-space-size=${heap}`,
    counter,
    context.registry.location("org/many"),
  ]);
  expect(stdout).toBe("400000\n");
  expect(context.registry.count("GET")).toBe(pages);
});
