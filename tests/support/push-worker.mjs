// A process that pushes one package after another, as it is told to, so that many of them can push at once.

import { createScheduler, openSession, push } from "@spack-oci/buildcache";

process.on("message", async ({ mirror, store, hash, delay, relocateTo }) => {
  const session = openSession({ environmentVariables: { HOME: "/nonexistent" } });
  await new Promise((resolve) => setTimeout(resolve, delay));
  try {
    const target = session.mirrors.open(mirror, "push");
    const request = { specs: [`/${hash}`], only: "package", updateIndex: true, relocateTo };
    const context = { store: await session.stores.open(store), run: { scheduler: createScheduler(1) } };
    const { index } = await push(target, request, context);
    process.send({ outcome: index?.outcome, error: index?.error?.message });
  } catch (error) {
    process.send({ outcome: "failed", error: String(error) });
  }
});
process.send("ready");
