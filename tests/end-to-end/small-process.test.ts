// Every verb works with 64 open files and a heap of 64 MB.

import { mkdtempSync, rmSync } from "node:fs";
import { expect, it, onTestFinished } from "vitest";
import { buildBundle, nativePackages } from "../support/bundle.js";
import { runShell } from "../support/command-process.js";
import { startMirror } from "../support/mirror.js";
import { scratchDirectory } from "../support/scratch.js";

/** Each ends with status 0, or with the one that is named. Later ones use what earlier ones made. */
const COMMANDS = [
  "pull $MIRROR --root $DIR/r",
  "list $MIRROR",
  "show $MIRROR json-c-lite",
  "check --deep $MIRROR",
  "audit $MIRROR",
  "copy $MIRROR oci-layout:$DIR/copy",
  "copy $MIRROR $DIR/v3",
  "copy $DIR/v3 oci-layout:$DIR/back",
  "push $MIRROR-pushed --store $DIR/r --update-index",
  "push oci-layout:$DIR/moved --store $DIR/r --relocate-to /opt/x --update-index",
  "pull $MIRROR-pushed json-c-lite --root $DIR/a",
  "update-index $MIRROR-pushed",
  "image oci-layout:$DIR/copy margo-lite --tag x --squash --view /opt/view",
  "diff $MIRROR oci-layout:$DIR/copy 7",
  "repair oci-layout:$DIR/back --relocate-to /opt/spack",
  "prune oci-layout:$DIR/copy --older-than 1d --yes",
  "reindex --store $DIR/r",
];

it("works on the sample with 64 open files and a heap of 64 MB", async () => {
  const program = buildBundle(scratchDirectory("bundle"));
  const mirror = await startMirror();
  // Roots may not be longer than the one that the sample was built for.
  const directory = mkdtempSync("/tmp/s");
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const environment = {
    MIRROR: mirror.mirror,
    DIR: directory,
    NODE_PATH: nativePackages,
    SPACK_OCI: `${process.execPath} --max-old-space-size=64 ${program}`,
  };
  const ends: unknown[] = [];
  for (const command of COMMANDS) {
    const [, args, status = "0"] = /^(.*?)(?: (\d+))?$/.exec(command) ?? [];
    const { stdout, stderr, ...end } = await runShell(`ulimit -n 64; exec $SPACK_OCI ${args}`, environment);
    if (end.status !== Number(status)) ends.push({ command, status: end.status, stdout, stderr });
  }
  await mirror.registry.close();
  expect(ends).toEqual([]);
}, 300_000);
