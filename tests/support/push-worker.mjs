// A process that pushes one package after another on request, so that several can push at the same time.

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
