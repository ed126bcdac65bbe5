// The GitHub Action, step by step as a runner takes it, against a registry that asks for a token.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { buildBundle } from "../support/bundle.js";
import { spackOci } from "../support/command-line.js";
import type { Job } from "../support/github-runner/job.js";
import { runWorkflow, type WorkflowStart } from "../support/github-runner/workflow.js";
import { distributionProducts, startRegistryProcess } from "../support/registry-process.js";
import { scratchDirectory } from "../support/scratch.js";
import { writeKeys } from "../support/signing-keys.js";
import { startTestRegistry, type TestRegistry } from "../support/test-registry/test-registry.js";

const action = fileURLToPath(new URL("../..", import.meta.url));
const store = extractSampleStore();
const credentials = { SPACK_OCI_USERNAME: "octocat", SPACK_OCI_PASSWORD: "secret" };

let version: string;
let registry: TestRegistry;
beforeAll(async () => {
  version = `file:${buildBundle(scratchDirectory("bundle"))}`;
  registry = await startTestRegistry({ auth: { kind: "bearer", users: { octocat: "secret" } } });
});
beforeEach(() => registry.reset());
afterAll(() => registry.close());

/** A workflow with one job for each of these packages, which pushes it. */
function pushWorkflow(packages: readonly string[], more: Readonly<Record<string, string>> = {}): string {
  const inputs = {
    version,
    command: "push",
    mirror: registry.location("mochi/cache"),
    token: "$" + "{{ secrets.token }}",
    store,
    specs: "$" + "{{ matrix.package }}",
    unsigned: "true",
    "update-index": "true",
    ...more,
  };
  return JSON.stringify({
    on: { push: null },
    jobs: {
      push: {
        strategy: { matrix: { package: packages } },
        steps: [
          { uses: "./", id: "push", with: inputs },
          {
            name: "Count",
            if: "always()",
            shell: "bash",
            env: { COUNTS: "$" + "{{ toJSON(steps.push.outputs) }}" },
            run: 'echo "COUNTS=$(tr -d "\\n" <<< "$COUNTS")" >> "$GITHUB_ENV"',
          },
        ],
      },
    },
  });
}

async function push(packages: readonly string[], more?: Readonly<Record<string, string>>, token = "secret") {
  const start: WorkflowStart = { secrets: { token }, actions: { "./": action } };
  return (await runWorkflow(pushWorkflow(packages, more), start))["push"] ?? [];
}

/** A real one, which asks for a password. */
async function startGuardedRegistry(product: string) {
  const file = join(scratchDirectory("passwords"), "htpasswd");
  // bcrypt of "secret", the only hash that distribution accepts.
  writeFileSync(file, "octocat:$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n");
  return startRegistryProcess(product, { auth: `auth: { htpasswd: { realm: test, path: ${file} } }\n` });
}

/** What --provenance reads. */
const JOB = {
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_REPOSITORY: "octocat/hello",
  GITHUB_SHA: "abc",
  GITHUB_WORKFLOW_REF: "octocat/hello/.github/workflows/ci.yml@refs/heads/main",
  GITHUB_RUN_ID: "12",
};

const outputsOf = (job: Job | undefined) =>
  JSON.parse(job?.environment["COUNTS"] ?? "{}") as Record<string, string>;

/** Times and hashes differ between runs and machines. */
const comparable = (summary = "") =>
  summary
    .replace(/\d+ s\./, "N s.")
    .replaceAll(/[\d.]+ k?B/g, "SIZE")
    .replaceAll(/(?<=\d)\/[a-z2-7]{7}\b/g, "/HASH")
    .replaceAll(/&#58;\d+/g, "&#58;PORT");

describe("push", () => {
  it.each([undefined, ...distributionProducts])(
    "by four jobs at once leaves every package in the index (registry: %s)",
    async (product) => {
      const process = product === undefined ? undefined : await startGuardedRegistry(product);
      try {
        const mirror = (process ?? registry).location("mochi/four");
        const jobs = await push(["margo-lite", "mochi-scripts", "data-lite", "build-tool-lite"], { mirror });
        for (const job of jobs) expect([job.status, job.log]).toEqual(["success", job.log]);
        const pushed = new Set(
          jobs.flatMap((job) => {
            const result = JSON.parse(readFileSync(outputsOf(job)["result-file"] ?? "", "utf8"));
            return [...result.pushed, ...result.present].map(({ hash }: { hash: string }) => hash);
          }),
        );
        const { stdout } = await spackOci(["list", mirror, "--json"], { environment: credentials });
        expect(pushed.size).toBeGreaterThan(6);
        expect(new Set(JSON.parse(stdout).map(({ hash }: { hash: string }) => hash))).toEqual(pushed);
      } finally {
        await process?.stop();
      }
    },
  );

  it("summarizes what was pushed, and what was there already", async () => {
    const mirror = registry.location("mochi/summary");
    const [first] = await push(["build-tool-lite"], { mirror });
    expect(comparable(first?.summary)).toMatchInlineSnapshot(`
      "### spack-oci push <code>oci+http&#58;//127.0.0.1&#58;PORT/mochi/summary</code>

      Pushed 1 package (SIZE); index written, 1 spec; N s.

      | Pushed | Size |
      | --- | --- |
      | <code>build-tool-lite&#64;3.31/HASH</code> | SIZE |

      "
    `);
    expect(first?.annotations).toEqual([]);
    const digests = JSON.parse(readFileSync(outputsOf(first)["digests-file"] ?? "", "utf8"));
    expect(digests.images).toHaveLength(1);
    expect(outputsOf(first)).toMatchObject({ status: "0", done: "1", present: "0", failed: "0" });

    const [second] = await push(["build-tool-lite"], { mirror });
    expect(comparable(second?.summary)).toContain("Pushed 0 packages; 1 already present; index unchanged");
    expect(outputsOf(second)).toMatchObject({ status: "0", done: "0", present: "1" });
  });

  it("that is denied fails the job and says why", async () => {
    const [job] = await push(["build-tool-lite"], {}, "wrong");
    expect(job?.status).toBe("failure");
    expect(outputsOf(job)).toMatchObject({ status: "4", failed: "1" });
    expect(job?.annotations).toEqual([
      { level: "error", title: expect.stringMatching(/^spack-oci push ERR_/), message: expect.any(String) },
    ]);
    expect(job?.summary).toContain("| Failed | Problem | What to do |");
  });

  it("names packages whose layers are not accepted", async () => {
    registry.fault({ method: "POST", path: /uploads/, times: 1000, status: 403 });
    const [job] = await push(["build-tool-lite"], { mirror: registry.location("mochi/refused") });
    expect(job?.status).toBe("failure");
    expect(job?.annotations).toEqual([
      {
        level: "error",
        title: expect.stringMatching(/push build-tool-lite@.*ERR_/),
        message: expect.any(String),
      },
    ]);
    expect(job?.summary).toMatch(/\| <code>build-tool-lite&#64;/);
  });

  it("keeps secrets out of logs and arguments", async () => {
    const [job] = await push(["build-tool-lite"]);
    expect(job?.log).toContain("spack-oci push --json");
    expect(job?.log).not.toContain("secret");
    expect(job?.summary).not.toContain("secret");
  });

  it("does not send the job's own token to a registry other than ghcr.io", async () => {
    const [job] = await push(["build-tool-lite"], { token: "" });
    expect(job?.status).toBe("failure");
    const sent = registry.requests.flatMap(({ headers }) => headers["authorization"] ?? []);
    expect(sent.filter((header) => header.startsWith("Basic"))).toEqual([]);
  });
});

describe("signatures", () => {
  const secret = (name: string) => `$${`{{ secrets.${name} }}`}`;
  const keys = writeKeys(scratchDirectory("keys"), "job");
  const key = readFileSync(keys.key, "utf8");

  /** Steps that run spack-oci, each with its own inputs and environment. */
  async function run(...steps: readonly { inputs: Record<string, string>; env?: Record<string, string> }[]) {
    const common = { version, mirror: registry.location("mochi/signed"), token: secret("token") };
    const used = steps.map(({ inputs, env }) => ({ uses: "./", with: { ...common, ...inputs }, env }));
    const text = JSON.stringify({ on: { push: null }, jobs: { job: { steps: used } } });
    const start = {
      secrets: { token: "secret", key, password: "" },
      actions: { "./": action },
      environment: JOB,
    };
    const [job] = (await runWorkflow(text, start))["job"] ?? [];
    return job;
  }

  it("are made with a key in a variable of the step, with documents, and verified", async () => {
    const inputs = { command: "push", store, specs: "build-tool-lite", "update-index": "true" };
    const documents = { sbom: "true", provenance: "true", "sign-key": "env://SIGNING_KEY" };
    const job = await run(
      { inputs: { ...inputs, ...documents }, env: { SIGNING_KEY: secret("key") } },
      { inputs: { command: "check", "verify-key": keys.pub } },
      { inputs: { command: "sign", key: "env://SIGNING_KEY" }, env: { SIGNING_KEY: secret("key") } },
    );
    expect([job?.status, job?.log]).toEqual(["success", job?.log]);
    expect(job?.log).toContain("--sign-key=env://SIGNING_KEY");
    expect(job?.log).not.toContain("PRIVATE KEY");
    expect(job?.log).not.toContain(key.split("\n")[1]);
    expect(job?.environment).not.toHaveProperty("SIGNING_KEY");
    const { manifests } = registry.storage.repository("mochi/signed");
    const text = [...manifests.values()].map(({ bytes }) => bytes.toString()).join("\n");
    for (const what of ["spdx+json", "vnd.cyclonedx+json", "slsa.dev/provenance/v1", "cosign/sign/v1"])
      expect(text).toContain(what);
  });

  it("fail the job if they are missing", async () => {
    const job = await run({
      inputs: { command: "check", "verify-key": writeKeys(scratchDirectory("keys"), "other").pub },
    });
    expect(job?.status).toBe("failure");
    expect(job?.summary).toContain("signed with another key");
  });

  it("need the key that is named", async () => {
    const job = await run({ inputs: { command: "sign", key: "env://MISSING" } });
    expect(job?.status).toBe("failure");
    expect(job?.annotations).toMatchObject([
      { message: expect.stringContaining("no such environment variable") },
    ]);
  });
});

describe("inputs", () => {
  it("are checked", async () => {
    const [job] = await push(["build-tool-lite"], { force: "yes" });
    expect([job?.status, job?.annotations]).toEqual([
      "failure",
      [{ level: "error", title: "spack-oci", message: 'The input force is "yes". Write true or false.' }],
    ]);
  });

  it("cannot name a version that does not exist", async () => {
    const [job] = await push(["build-tool-lite"], { version: "file:/nonexistent/spack-oci.cjs" });
    expect(job?.annotations.map(({ message }) => message)).toEqual([
      "The input version names /nonexistent/spack-oci.cjs, which does not exist.",
    ]);
    expect(job?.ran).not.toContain("Run spack-oci");
  });
});

it("only sets up the command without a command, for steps of the user's own", async () => {
  const steps = [
    { uses: "./", with: { version } },
    { name: "Own", shell: "bash", run: 'echo "FOUND=$(spack-oci --version)" >> "$GITHUB_ENV"' },
  ];
  const text = JSON.stringify({ on: { push: null }, jobs: { own: { steps } } });
  const [job] = (await runWorkflow(text, { actions: { "./": action } }))["own"] ?? [];
  expect(job?.environment["FOUND"]).toMatch(/^\d+\.\d+\.\d+/);
  expect(job?.ran).toEqual(["./", "Install spack-oci", "Own"]);
});

it("keeps the cache where the cache action is told to find it", async () => {
  const caches: Readonly<Record<string, string>>[] = [];
  const start: WorkflowStart = {
    secrets: { token: "secret" },
    actions: { "./": action, "actions/cache@v4": (inputs) => void caches.push(inputs) },
  };
  const [job] =
    (await runWorkflow(pushWorkflow(["build-tool-lite"], { cache: "true" }), start))["push"] ?? [];
  expect(job?.status).toBe("success");
  expect(caches).toMatchObject([
    { path: job?.environment["SPACK_OCI_CACHE"], "restore-keys": "spack-oci-Linux-X64-" },
  ]);
});
