// A process that pushes one package after another on request, so that several can push at the same time.

import { createScheduler, push, Session } from "@spack-oci/buildcache";

process.on("message", async ({ mirror, store, hash, delay, relocateTo }) => {
  const session = new Session({ environmentVariables: { HOME: "/nonexistent" } });
  await new Promise((resolve) => setTimeout(resolve, delay));
  try {
    const target = session.openMirror(mirror, "push");
    const options = { only: "package", updateIndex: true, relocateTo };
    const request = { specs: [`/${hash}`] };
    const { index } = await push(await session.store(store), target, createScheduler(1), request, options);
    process.send({ outcome: index?.outcome, error: index?.error?.message });
  } catch (error) {
    process.send({ outcome: "failed", error: String(error) });
  }
});
process.send("ready");
