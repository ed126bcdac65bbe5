// A caller shares one AbortSignal among all verbs of a program.

import { expect, it } from "vitest";
import { startMirror } from "../../../tests/support/mirror.js";
import { scratchDirectory } from "../../../tests/support/scratch.js";
import { check, copy, createScheduler, list, openSession, pull, requireAll } from "../src/index.js";
import { fixtureLayout } from "./support/image.js";

it.each(["a registry", "an image layout"])("%s gives no warning about listeners", async (kind) => {
  const warnings: string[] = [];
  const record = (warning: Error) => warnings.push(warning.message);
  process.on("warning", record);
  const mirror = await startMirror();
  const directory = scratchDirectory("signal");
  const session = openSession({ environmentVariables: { HOME: directory, SPACK_OCI_CACHE: "off" } });
  const run = { scheduler: createScheduler(32), signal: new AbortController().signal };
  const location = kind === "a registry" ? mirror.mirror : fixtureLayout.name;
  const buildcache = session.mirrors.open(location, "fetch");
  const store = await session.stores.destination({ root: `${directory}/opt` });
  const to = [
    session.mirrors.openDestination(`oci-layout:${directory}/copy`),
    session.mirrors.openDestination(`${directory}/v3`),
  ];
  const specs = ["json-c-lite", "mercury-lite", "interp-lite"];
  const [listed, { packages }] = await Promise.all([
    list(buildcache, { specs: [] }, { run }),
    pull(buildcache, { specs: ["json-c-lite"] }, { store, run }),
    check(buildcache, { specs: [], deep: true }, { run }),
    ...to.map((each) => copy([session.mirrors.openSource(location)], { specs: [], to: [each] }, { run })),
    ...specs.map((spec) => list(buildcache, { specs: [spec] }, { run })),
  ]);
  requireAll(packages);
  expect(listed.packages).toHaveLength(20);
  // Warnings are emitted in the next turn.
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", record);
  await mirror.registry.close();
  expect(warnings).toEqual([]);
});
