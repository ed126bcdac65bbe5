// Views of environments are those that Spack makes: the same directories, links, copies and modes, in the same places.

import { createRegistryClient, ImageLayout, openTarget } from "@spack-oci/oci-client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { copyTarget } from "../support/copy-target.js";
import { fixture } from "../support/fixtures.js";
import { shortRoot } from "./support/short-root.js";
import { describeWithSpack, Spack } from "./support/spack.js";
import { startTlsRegistry, type TlsRegistry } from "./support/tls-registry.js";
import { ViewEnvironment } from "./support/view-environments.js";

/** Values of `view:`; all of them work. */
const VIEWS: Readonly<Record<string, string>> = {
  "the default view": "true",
  "a path relative to the environment": "local/view",
  "an absolute path": "HOME/here",
  "roots only": "{ default: { root: HOME/v, link: roots } }",
  "what roots run with": "{ default: { root: HOME/v, link: run } }",
  "selected packages": "{ default: { root: v, select: [margo-lite, '^argobots-lite@1.2'] } }",
  "excluded packages": "{ default: { root: v, exclude: ['tricky-lite', 'json-c-lite@:1', '%gcc@13'] } }",
  "selected and excluded packages":
    "{ default: { root: v, select: [tricky-lite, tricky-names, 'mochi-suite'], exclude: [tricky-names] } }",
  "a projection for all": "{ default: { root: v, projections: { all: '{name}/{version}-{hash:7}' } } }",
  "projections by spec":
    "{ default: { root: v, projections: { 'libfabric-lite': 'net/{name}', '^libfabric-lite': 'with-net/{architecture}/{name}', tricky-lite: 'with-net' } } }",
  "a projection with a variable": "{ default: { root: v, projections: { all: '$user/{name}' } } }",
  "hard links": "{ default: { root: HOME/v, link_type: hardlink } }",
  "hard links with projections":
    "{ default: { root: HOME/v, link_type: hardlink, link: run, projections: { all: '{name}' } } }",
  copies: "{ default: { root: HOME/v, link_type: copy } }",
  "copies with projections":
    "{ default: { root: HOME/v, link_type: copy, projections: { all: '{name}', bedrock-lite: b } } }",
  "copies of roots": "{ default: { root: HOME/v, link_type: copy, link: roots } }",
  "several views":
    "{ default: { root: HOME/a/v, link: roots }, more: { root: HOME/a/w, select: [tricky-lite] }, none: { root: x, select: [nothing] } }",
  "no view": "false",
};

describeWithSpack("views", () => {
  const root = shortRoot();
  let registry: TlsRegistry;
  let spack: Spack;
  beforeAll(async () => {
    registry = await startTlsRegistry();
    const client = createRegistryClient({ tls: () => ({ caFiles: [registry.authority] }) });
    await copyTarget(
      new ImageLayout(fixture("oci-layout-main")),
      openTarget(registry.location("mochi"), { client }),
    );
    spack = await Spack.create({
      root,
      mirror: registry.location("mochi"),
      authority: registry.authority,
    });
    expect(await spack.ours("-e", spack.environment, "pull", "mochi")).toMatchObject({ status: 0 });
  }, 300_000);
  afterAll(() => registry.stop());

  const byUs = (environment: ViewEnvironment) =>
    spack.ours("-e", environment.directory, "pull", "mochi", "--json");
  const bySpack = (environment: ViewEnvironment) =>
    spack.run("-e", environment.directory, "env", "view", "regenerate");

  it.each(Object.entries(VIEWS))("are equal: %s", async (_, view) => {
    const environment = new ViewEnvironment();
    environment.write(view);
    expect(await bySpack(environment)).toMatchObject({ status: 0 });
    const expected = environment.describe();
    environment.clear();
    environment.write(view);
    expect(await byUs(environment)).toMatchObject({ status: 0 });
    expect(environment.describe()).toEqual(expected);
  });
});
