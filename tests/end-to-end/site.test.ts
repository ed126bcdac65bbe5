// The command that writes and serves sites: findings of other commands, a server that ends with Ctrl-C, and problems.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { spackOci } from "../support/command-line.js";
import { buildCommand, startCommand } from "../support/command-process.js";
import { fixture } from "../support/fixtures.js";
import { ownLayerIn, startMirror, type TestMirror, tagIn } from "../support/mirror.js";
import { scratchDirectory } from "../support/scratch.js";
import { buildSiteAssets } from "../support/site.js";

const LAYOUT = `oci-layout:${fixture("oci-layout-main")}`;

interface SiteJson {
  readonly packages: number;
  readonly read: number;
  readonly url: string | null;
}
interface Catalog {
  readonly packages: readonly { readonly tag: string }[];
  readonly findings: readonly {
    readonly kind: string;
    readonly severity: string;
    readonly tag: string | null;
  }[];
}

let home: string;
let target: string;
beforeAll(() => {
  buildSiteAssets();
  buildCommand();
}, 240_000);
beforeEach(() => {
  home = scratchDirectory("site");
  target = join(home, "public");
});

const catalog = () => JSON.parse(readFileSync(join(target, "catalog.json"), "utf8")) as Catalog;

/** Keeps what a command prints in a file. */
async function keep(name: string, ...args: string[]): Promise<string> {
  const file = join(home, name);
  writeFileSync(file, (await spackOci([...args, "--json"])).stdout);
  return file;
}

describe("findings", () => {
  let mirror: TestMirror;
  beforeEach(async () => {
    mirror = await startMirror();
  });
  afterEach(() => mirror.registry.close());

  it("of check and audit are in the site", async () => {
    const tag = tagIn(mirror.repository, "tricky-names");
    mirror.repository.blobs.delete(ownLayerIn(mirror.repository, tag));
    const checked = await keep("check.json", "check", mirror.mirror);
    const audited = await keep("audit.json", "audit", mirror.mirror);
    const run = await spackOci([
      ...["site", mirror.mirror, target],
      ...["--findings", checked, "--findings", audited],
    ]);
    expect(run.stdout).toContain("Wrote a site of 20 packages");
    const { findings } = catalog();
    expect(findings).toContainEqual(
      expect.objectContaining({ kind: "missing-blob", severity: "error", tag }),
    );
    const { findings: audit } = JSON.parse(readFileSync(audited, "utf8")) as Catalog;
    for (const { kind } of audit) expect(findings.map((each) => each.kind)).toContain(kind);
  });

  it("are those of the latest run only", async () => {
    const tag = tagIn(mirror.repository, "tricky-names");
    mirror.repository.tags.delete("index.spack");
    const checked = await keep("check.json", "check", mirror.mirror);
    await spackOci(["site", mirror.mirror, target, "--findings", checked]);
    expect(catalog().findings.map((each) => [each.kind, each.severity])).toContainEqual([
      "not-in-index",
      "warning",
    ]);
    const run = await spackOci(["site", mirror.mirror, target, "--json"]);
    expect(run.json<SiteJson>()).toMatchObject({ packages: 20, read: 0, url: null });
    expect(catalog().findings.map(({ kind }) => kind)).not.toContain("not-in-index");
    expect(catalog().packages.map((each) => each.tag)).toContain(tag);
  });

  it("that a site cannot read are an error before anything is written", async () => {
    const other = join(home, "other.json");
    writeFileSync(other, '{"packages": 3}');
    for (const file of [other, join(home, "missing.json")]) {
      const { status, stderr } = await spackOci(["site", mirror.mirror, target, "--findings", file]);
      expect(status).toBe(2);
      expect(stderr).toContain(`${file} does not hold findings`);
    }
    expect(() => catalog()).toThrow(/ENOENT/);
    expect(mirror.registry.requests).toEqual([]);
  });
});

describe("--serve", () => {
  it("serves the site to this machine until Ctrl-C, and says where", { timeout: 120_000 }, async () => {
    const { child, ended } = startCommand(["site", LAYOUT, target, "--serve"]);
    let printed = "";
    child.stdout?.on("data", (text: Buffer) => {
      printed += text;
    });
    await expect.poll(() => printed, { timeout: 60_000 }).toMatch(/ until you press Ctrl-C\.\n/);
    const [url = ""] = /http:\/\/127\.0\.0\.1:\d+\//.exec(printed) ?? [];
    const page = await fetch(url);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain("<!doctype html>");
    const data = await fetch(`${url}catalog.json`);
    expect(await data.text()).toBe(readFileSync(join(target, "catalog.json"), "utf8"));
    child.kill("SIGINT");
    expect(await ended).toMatchObject({
      status: 0,
      signal: null,
      stderr: expect.not.stringContaining("ERR_"),
    });
    await expect(fetch(url)).rejects.toThrow();
  });

  it("uses the port that it is given, and names it in JSON", async () => {
    const port = await freePort();
    const abort = new AbortController();
    const run = spackOci(["site", LAYOUT, target, "--serve", "--port", String(port), "--json"], {
      signal: abort.signal,
    });
    await expect
      .poll(() =>
        fetch(`http://127.0.0.1:${port}/`).then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(200);
    abort.abort();
    expect((await run).json<SiteJson>().url).toBe(`http://127.0.0.1:${port}/`);
  });

  it("says that a port is in use", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((done) => other.once("listening", done));
    const { port } = other.address() as AddressInfo;
    const { status, stderr } = await spackOci(["site", LAYOUT, target, "--serve", "--port", String(port)]);
    other.close();
    expect(status).toBe(1);
    expect(stderr).toContain(`address already in use 127.0.0.1:${port}`);
  });
});

it("never writes among other files", async () => {
  mkdirSync(target);
  writeFileSync(join(target, "thesis.tex"), "");
  const { status, stderr } = await spackOci(["site", LAYOUT, target]);
  expect(status).toBe(1);
  expect(stderr).toContain(target);
  expect(() => catalog()).toThrow(/ENOENT/);
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
