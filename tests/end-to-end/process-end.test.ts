// However a command ends, its process ends with it.

import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { buildBundle, nativePackages } from "../support/bundle.js";
import { fixture } from "../support/fixtures.js";
import { watchCommand } from "../support/lifetime.js";
import { ownLayerIn, startMirror, type TestMirror, tagIn } from "../support/mirror.js";
import { scratchDirectory } from "../support/scratch.js";
import { startTestRegistry, type TestRegistry } from "../support/test-registry/test-registry.js";

const layout = `oci-layout:${fixture("oci-layout-main")}`;
const ALWAYS = Number.POSITIVE_INFINITY;
/** Milliseconds; a timer or socket that is forgotten keeps a process for longer. */
const MOST = 1000;

let program: string;
let mirror: TestMirror;
/** Accepts connections, and never answers. */
let silent: Server;
const sockets = new Set<Socket>();

beforeAll(async () => {
  program = buildBundle(scratchDirectory("bundle"));
  silent = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => {
    silent.listen(0, "127.0.0.1", resolve);
  });
}, 60_000);
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  silent?.close();
});
beforeEach(async () => {
  mirror = await startMirror();
  return () => mirror.registry.close();
});

const silentHost = () => {
  const address = silent.address();
  return `127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
};

/** A home whose docker configuration names a helper, and a directory for PATH with the helper. */
function withHelper(script: string | undefined): NodeJS.ProcessEnv {
  const home = scratchDirectory("home");
  mkdirSync(join(home, ".docker"));
  writeFileSync(join(home, ".docker/config.json"), JSON.stringify({ credsStore: "test" }));
  if (script !== undefined) {
    const file = join(home, "docker-credential-test");
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
  }
  return { HOME: home, PATH: `${home}:${process.env["PATH"]}` };
}

interface Run {
  readonly args: readonly string[];
  readonly status: number;
  readonly environment?: NodeJS.ProcessEnv;
  /** Interrupts the command once this is true. */
  readonly interruptWhen?: (output: string) => boolean;
  readonly signal?: NodeJS.Signals;
}

async function expectPromptEnd({
  args,
  status,
  environment,
  interruptWhen,
  signal = "SIGINT",
}: Run): Promise<void> {
  const { child, ended, output } = watchCommand(program, args, { NODE_PATH: nativePackages, ...environment });
  if (interruptWhen !== undefined) {
    while (child.exitCode === null && !interruptWhen(output())) await delay(20);
    child.kill(signal);
  }
  const { idle, ...end } = await ended;
  expect(end).toMatchObject({ status });
  expect({ idle: idle < MOST, after: Math.round(idle), ...end }).toMatchObject({ idle: true });
}

/** A file with settings of registries. */
function settings(value: object): string {
  const file = join(scratchDirectory("settings"), "registries.json");
  writeFileSync(file, JSON.stringify(value));
  return file;
}

const root = () => ["--root", join(scratchDirectory("r"), "opt")];
const requested = (path: RegExp) => () => mirror.registry.requests.some((request) => path.test(request.path));

describe("without an interruption", () => {
  it.each<[string, () => Run]>([
    ["help", () => ({ args: ["--help"], status: 0 })],
    ["the version", () => ({ args: ["--version"], status: 0 })],
    ["an unknown option", () => ({ args: ["list", "--unknown"], status: 2 })],
    ["a malformed spec", () => ({ args: ["list", layout, "a@@b"], status: 2 })],
    ["an unknown mirror", () => ({ args: ["list", "nowhere"], status: 2 })],
    ["a list of a layout", () => ({ args: ["list", layout], status: 0 })],
    ["a list of a registry", () => ({ args: ["list", mirror.mirror], status: 0 })],
    ["show", () => ({ args: ["show", mirror.mirror, "json-c-lite"], status: 0 })],
    ["a check", () => ({ args: ["check", "--deep", mirror.mirror], status: 0 })],
    ["an audit", () => ({ args: ["audit", mirror.mirror], status: 0 })],
    ["a pull", () => ({ args: ["pull", mirror.mirror, "json-c-lite", ...root()], status: 0 })],
    ["a copy", () => ({ args: ["copy", mirror.mirror, mirror.registry.location("other/one")], status: 0 })],
    ["a copy to a directory", () => ({ args: ["copy", mirror.mirror, scratchDirectory("v3")], status: 0 })],
    [
      "a push",
      () => ({
        args: [
          "push",
          mirror.registry.location("other/two"),
          "json-c-lite",
          "--update-index",
          "--store",
          extractSampleStore(),
        ],
        status: 0,
      }),
    ],
    [
      "an image",
      () => ({ args: ["image", mirror.mirror, "json-c-lite", "--tag", "x", "--squash"], status: 0 }),
    ],
    ["an update of the index", () => ({ args: ["update-index", mirror.mirror], status: 0 })],
    ["a difference", () => ({ args: ["diff", mirror.mirror, layout], status: 0 })],
    ["nothing found", () => ({ args: ["list", mirror.mirror, "nonexistent"], status: 3 })],
    [
      "a repository that does not exist",
      () => ({ args: ["list", mirror.registry.location("no/such")], status: 3 }),
    ],
    ["a host without a server", () => ({ args: ["list", "oci+http://127.0.0.1:1/x"], status: 6 })],
    ["a host without an address", () => ({ args: ["list", "oci://nonexistent.invalid/x"], status: 6 })],
    [
      "a missing credential helper",
      () => ({ args: ["list", mirror.mirror], status: 0, environment: withHelper(undefined) }),
    ],
    [
      "a helper that fails",
      () => ({ args: ["list", mirror.mirror], status: 4, environment: withHelper("echo no; exit 1") }),
    ],
    [
      "a helper that leaves a process behind",
      () => ({
        args: ["list", mirror.mirror],
        status: 0,
        environment: withHelper(`sleep 20 &\necho '{"Username": "a", "Secret": "b"}'`),
      }),
    ],
  ])(
    "%s",
    async (_what, run) => {
      await expectPromptEnd(run());
    },
    60_000,
  );
});

describe("with a registry that fails", () => {
  it("denies access", async () => {
    const guarded: TestRegistry = await startTestRegistry({
      auth: { kind: "bearer", users: { me: "secret" } },
    });
    await expectPromptEnd({ args: ["list", guarded.location("a/b")], status: 4 });
    await guarded.close();
  }, 60_000);

  it("has corrupt content", async () => {
    const layer = ownLayerIn(mirror.repository, tagIn(mirror.repository, "json-c-lite-"));
    mirror.registry.fault({ path: new RegExp(layer), times: ALWAYS, corruptAt: 100 });
    await expectPromptEnd({ args: ["pull", mirror.mirror, "json-c-lite", ...root()], status: 5 });
  }, 60_000);

  it("cuts a download", async () => {
    mirror.registry.fault({ path: /blobs/, times: ALWAYS, cutAfter: 0 });
    const retries = { SPACK_OCI_REGISTRIES: settings({ attempts: 2 }) };
    await expectPromptEnd({
      args: ["pull", mirror.mirror, "json-c-lite", ...root()],
      status: 6,
      environment: retries,
    });
  }, 120_000);
});

describe.each(["SIGINT", "SIGTERM"] as const)("%s", (signal) => {
  it.each<[string, () => Omit<Run, "status" | "signal">]>([
    [
      "while a registry does not answer",
      () => ({ args: ["list", `oci+http://${silentHost()}/a`], interruptWhen: () => sockets.size > 0 }),
    ],
    [
      "while a helper hangs",
      () => {
        const environment = withHelper("touch $HOME/began; exec sleep 30");
        return {
          args: ["list", mirror.mirror],
          environment,
          interruptWhen: () => existsSync(join(environment["HOME"] ?? "", "began")),
        };
      },
    ],
    [
      "while a download stalls",
      () => {
        mirror.registry.fault({ path: /blobs/, after: 2, times: ALWAYS, stallAfter: 100 });
        return { args: ["pull", mirror.mirror, ...root()], interruptWhen: requested(/blobs/) };
      },
    ],
    [
      "while an upload stalls",
      () => {
        mirror.registry.fault({ method: "PUT", path: /blobs/, times: ALWAYS, delay: 10_000 });
        const to = mirror.registry.location("other/three");
        return { args: ["push", to, "--store", extractSampleStore()], interruptWhen: requested(/uploads/) };
      },
    ],
    [
      "while it waits for another attempt",
      () => {
        mirror.registry.fault({
          path: /manifests/,
          times: ALWAYS,
          status: 503,
          headers: { "retry-after": "30" },
        });
        return { args: ["list", mirror.mirror], interruptWhen: requested(/manifests/) };
      },
    ],
  ])(
    "%s",
    async (_what, run) => {
      for (const socket of sockets) socket.destroy();
      sockets.clear();
      await expectPromptEnd({ ...run(), status: 130, signal });
    },
    60_000,
  );
});
