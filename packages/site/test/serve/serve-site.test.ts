// Only this machine, and only the files of the site.

import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scratchDirectory } from "../../../../tests/support/scratch.js";
import { type ServedSite, serveSite } from "../../src/serve/serve-site.js";

const scratch = scratchDirectory("serve-site");
const directory = join(scratch, "site");
let served: ServedSite;

beforeAll(async () => {
  mkdirSync(join(directory, "data"), { recursive: true });
  writeFileSync(join(scratch, "secret"), "secret");
  writeFileSync(join(directory, "index.html"), "<p>page</p>");
  writeFileSync(join(directory, "data", "columns.js"), "code");
  symlinkSync("../secret", join(directory, "link"));
  served = await serveSite(directory);
});
afterAll(() => served.close());

interface Answer {
  readonly status: number | undefined;
  readonly type: string | undefined;
  readonly text: string;
}

/** With the path as it is; `fetch` would resolve dots. */
function get(path: string, { method = "GET", host = new URL(served.url).host } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(served.url);
    const sent = request({ host: "127.0.0.1", port, path, method, headers: { host } }, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () =>
        resolve({ status: response.statusCode, type: response.headers["content-type"], text }),
      );
    });
    sent.on("error", reject).end();
  });
}

describe("a served site", () => {
  it("is on the loopback interface", () => {
    expect(served.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  });

  it.each([
    ["/", "text/html; charset=utf-8", "<p>page</p>"],
    ["/index.html?x", "text/html; charset=utf-8", "<p>page</p>"],
    ["/data/columns.js?123", "text/javascript; charset=utf-8", "code"],
  ])("has %s", async (path, type, text) => {
    expect(await get(path)).toEqual({ status: 200, type, text });
  });

  it("answers HEAD without content", async () => {
    expect(await get("/", { method: "HEAD" })).toMatchObject({ status: 200, text: "" });
  });

  it.each([
    "/missing",
    "/../secret",
    "/%2e%2e/secret",
    "/%2e%2e/%2e%2e/secret",
    "/link",
    "/data",
    "/%",
    "/%00",
    "//",
  ])("does not have %s", async (path) => {
    expect((await get(path)).status).toBe(404);
  });

  it("answers neither other methods nor other names", async () => {
    expect((await get("/", { method: "POST" })).status).toBe(403);
    expect((await get("/", { host: "evil.example" })).status).toBe(403);
    expect((await get("/", { host: "localhost:1" })).status).toBe(200);
  });

  it("says so if another program uses its port", async () => {
    const { port } = new URL(served.url);
    await expect(serveSite(directory, Number(port))).rejects.toMatchObject({
      code: "ERR_SITE_PORT",
      message: `Cannot serve the site at 127.0.0.1:${port}: another program uses this port.`,
      place: `127.0.0.1:${port}`,
    });
  });
});
