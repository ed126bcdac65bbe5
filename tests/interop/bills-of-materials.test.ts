// Bills of materials are valid for the reference tools, and other registry clients find them.

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BILL_FORMAT_DESCRIPTIONS, BILL_FORMATS, formatBill, makeBill } from "@spack-oci/bill-of-materials";
import { type Json, readNode, type SpecNode } from "@spack-oci/spack-spec";
import { describe, expect, it } from "vitest";
import { spackOci } from "../support/command-line.js";
import { fixture } from "../support/fixtures.js";
import { onPath } from "../support/on-path.js";
import { registries } from "../support/registries.js";
import { scratchDirectory } from "../support/scratch.js";
import { output } from "./support/tool.js";

const TAG = "margo-lite-0.18.3-cd2e4nf3k3sw2czder5ycghwcpmmvl4k.spack";
const TYPES = ["application/spdx+json", "application/vnd.cyclonedx+json"];
const directory = scratchDirectory("bills");
const sample = `oci-layout:${fixture("oci-layout-main")}`;

/** A Python with spdx-tools and cyclonedx-python-lib[validation]. */
const python = [process.env["SBOM_TEST_PYTHON"], onPath("python3")].find(
  (each) =>
    each && spawnSync(each, ["-c", "import spdx_tools, cyclonedx.validation, jsonschema"]).status === 0,
);
if (python === undefined)
  console.log(
    "skipped: validators of bills of materials, because no Python has spdx-tools and cyclonedx-python-lib",
  );

function validate(folder: string): string {
  const script = fileURLToPath(new URL("support/validate-bills.py", import.meta.url));
  const files = readdirSync(folder).map((name) => join(folder, name));
  const { stdout, stderr, status } = spawnSync(python ?? "", [script, ...files], { encoding: "utf8" });
  return status === 0 ? stdout : stderr;
}

describe.skipIf(python === undefined)("the reference tools accept", { timeout: 300_000 }, () => {
  it.each([[[]], [["--with-build-dependencies"]]])(
    "every package of the sample store: %j",
    async (options) => {
      const folder = join(directory, `sample${options.length}`);
      mkdirSync(folder);
      expect(await spackOci(["sbom", sample, "--output", folder, ...options])).toMatchObject({ status: 0 });
      expect(readdirSync(folder)).toHaveLength(40);
      expect(validate(folder)).toBe("");
    },
  );

  it("a package with 2000 dependencies", () => {
    const graph = largeGraph(2000);
    const [root] = graph.values();
    const factsOf = ({ version }: SpecNode) => ({ license: version === "1.0" ? "MIT" : "words of its own" });
    const tool = { name: "spack-oci", version: "1.0" };
    const bill = makeBill({ graph, root: root as SpecNode, factsOf, createdAt: new Date(0), tool });
    expect(bill.components).toHaveLength(2000);
    const folder = join(directory, "large");
    mkdirSync(folder);
    for (const format of BILL_FORMATS) {
      const name = `large.${BILL_FORMAT_DESCRIPTIONS[format].extension}`;
      writeFileSync(join(folder, name), formatBill(bill, format));
    }
    expect(validate(folder)).toBe("");
  });
});

/** Each package depends on the next one, and on two further down. */
function largeGraph(count: number): ReadonlyMap<string, SpecNode> {
  const hashOf = (at: number) =>
    [...String(at).padStart(32, "0")].map((digit) => "abcdefghij"[Number(digit)]).join("");
  const object = (members: Record<string, Json>) => new Map(Object.entries(members));
  const nodes = Array.from({ length: count }, (_, at) => {
    const below = [...new Set([at + 1, 2 * at + 1, 3 * at + 7])].filter(
      (other) => other > at && other < count,
    );
    const dependencies = below.map((other) =>
      object({
        name: `p${other}`,
        hash: hashOf(other),
        parameters: object({ deptypes: ["build", "link", "run"], virtuals: [] }),
      }),
    );
    const arch = object({ platform: "linux", platform_os: "debian12", target: "x86_64" });
    const version = at % 7 === 0 ? "2.0" : "1.0";
    const parameters = object({ shared: true });
    return readNode(object({ name: `p${at}`, version, arch, parameters, dependencies, hash: hashOf(at) }), 5);
  });
  return new Map(nodes.map((node) => [node.hash, node]));
}

const clients = ["oras", "regctl"].filter((name) => onPath(name) !== undefined);
if (clients.length < 2)
  console.log("skipped: other clients that list referrers, because oras or regctl is not on PATH");

describe.skipIf(clients.length < 2)("other clients find attached documents", () => {
  it.each(registries)("in %s", async (_, start) => {
    const registry = await start();
    try {
      const location = registry.location("org/cache");
      expect(await spackOci(["copy", sample, location, "margo-lite"])).toMatchObject({ status: 0 });
      expect(await spackOci(["sbom", location, "margo-lite", "--attach"])).toMatchObject({ status: 0 });
      const image = `${registry.host}/org/cache:${TAG}`;
      const discovered = await output("oras", "discover", "--plain-http", image);
      const listed = await output(
        "regctl",
        "--host",
        `reg=${registry.host},tls=disabled`,
        "artifact",
        "list",
        image,
      );
      for (const type of TYPES) {
        expect(discovered).toContain(type);
        expect(listed).toContain(type);
      }
      expect(
        await spackOci(["copy", location, `oci-layout:${join(directory, registry.host)}`]),
      ).toMatchObject({ status: 0 });
      const copied = await output(
        "oras",
        "discover",
        "--oci-layout",
        `${join(directory, registry.host)}:${TAG}`,
      );
      for (const type of TYPES) expect(copied).toContain(type);
    } finally {
      await registry.stop();
    }
  });

  it("in an image layout, as the same bytes", async () => {
    const layout = join(directory, "layout");
    cpSync(fixture("oci-layout-main"), layout, { recursive: true });
    const folder = join(directory, "same");
    mkdirSync(folder);
    const options = ["--format", "spdx", "--attach", "--output", folder];
    expect(await spackOci(["sbom", `oci-layout:${layout}`, "margo-lite", ...options])).toMatchObject({
      status: 0,
    });
    const filter = ["--filter-artifact-type", "application/spdx+json"];
    const fetched = await output(
      "regctl",
      "artifact",
      "get",
      "--subject",
      `ocidir://${layout}:${TAG}`,
      ...filter,
    );
    const [name = ""] = readdirSync(folder);
    expect(fetched).toBe(readFileSync(join(folder, name), "utf8"));
  });
});
