// The command beside its rivals: Spack where SPACK_TEST_ROOT names one, and what a pipeline of system tools needs.
//
// SPACK_OCI_BENCH_ROUNDS runs of each (3), and SPACK_OCI_BENCH_MEGABYTES in the big package (300).
import { readdirSync } from "node:fs";
import { createRegistryClient, fetchManifest, isImageIndex, openTarget } from "@spack-oci/oci-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { extractSampleStore } from "../../scripts/sample-store.mjs";
import { shortRoot } from "../interop/support/short-root.js";
import { hasSpack, SAMPLE_PADDING, Spack, specFile } from "../interop/support/spack.js";
import { startTlsRegistry, type TlsRegistry } from "../interop/support/tls-registry.js";
import { fixture } from "../support/fixtures.js";
import { onPath } from "../support/on-path.js";
import { fillWithRealFiles, spackOci } from "./support/commands.js";
import { measure, type Rival, type ShellCommand } from "./support/measure.js";
import { type CaseResult, writeReport } from "./support/report.js";

const rounds = Number(process.env["SPACK_OCI_BENCH_ROUNDS"] ?? 3);
const megabytes = Number(process.env["SPACK_OCI_BENCH_MEGABYTES"] ?? 300);
const isWhole = process.env["SPACK_OCI_BENCH_QUICK"] === undefined;
const layout = `oci-layout:${fixture("oci-layout-main")}`;
const BIG = "json-c-lite";

describe("spack-oci and its rivals", () => {
  const cases: CaseResult[] = [];
  const sample = extractSampleStore();
  const bigRoot = shortRoot();
  let registry: TlsRegistry;
  let bigPrefix: string;
  let bytes: number;

  beforeAll(async () => {
    registry = await startTlsRegistry();
    await measure(
      [{ name: "a store to fill", prepare: () => ours("pull", layout, BIG, "--root", bigRoot) }],
      1,
    );
    const platform = readdirSync(bigRoot).find((name) => name.startsWith("linux-")) ?? "";
    const name = readdirSync(`${bigRoot}/${platform}`).find((entry) => entry.startsWith(BIG)) ?? "";
    bigPrefix = `${bigRoot}/${platform}/${name}`;
    bytes = fillWithRealFiles(`${bigPrefix}/share/real`, megabytes);
  });
  afterAll(async () => {
    await registry.stop();
    if (isWhole) writeReport(cases, rounds);
  });

  /** This project's command. */
  const ours = (...args: string[]): ShellCommand => ({
    script: `${spackOci} ${args.join(" ")}`,
    environment: { SSL_CERT_FILE: registry.authority },
  });

  /** A command of Spack in a scope that has never done anything. */
  async function spackCommand(
    options: { root: string; paddedLength?: number; mirror: string },
    args: (spack: Spack) => string[],
  ): Promise<ShellCommand> {
    const spack = await Spack.create({ ...options, authority: registry.authority });
    return { script: [...spack.program, ...args(spack)].join(" "), environment: spack.variables };
  }

  const spackWhereThereIsOne = (prepare: Rival["prepare"]): Rival[] =>
    hasSpack ? [{ name: "Spack", prepare }] : [];

  async function add(title: string, aim: string, rivals: readonly Rival[]): Promise<void> {
    const measurements = await measure(rivals, rounds);
    for (const { seconds } of measurements) expect(seconds).toBeGreaterThan(0);
    cases.push({ title, aim, measurements });
  }

  it("starts", async () => {
    await add("Start", "Aim: `--version` in 80 ms, `list` in 150 ms more than `node -e 0`.", [
      { name: "`spack-oci --version`", prepare: () => ours("--version") },
      { name: "`spack-oci list`, 20 packages", prepare: () => ours("list", layout) },
      { name: "`node -e 0`", prepare: () => ({ script: `${process.execPath} -e 0` }) },
    ]);
  });

  it("pushes 20 small packages", async () => {
    const mirror = (who: string, round: number) => registry.location(`push-small-${who}-${round}`);
    await add("Push 20 small packages", "Aim: a tenth of Spack's time, and of its processor time.", [
      {
        name: "spack-oci",
        prepare: (round) => ours("push", mirror("ours", round), "--store", sample, "--update-index"),
      },
      ...spackWhereThereIsOne((round) =>
        spackCommand(
          { root: sample, paddedLength: SAMPLE_PADDING, mirror: mirror("spack", round) },
          (spack) => ["-e", spack.environment, "buildcache", "push", "--unsigned", "--update-index", "mochi"],
        ),
      ),
    ]);
  });

  it("pulls 20 small packages", async () => {
    const mirror = registry.location("pull-small");
    await measure(
      [{ name: "", prepare: () => ours("push", mirror, "--store", sample, "--update-index") }],
      1,
    );
    await add("Pull and relocate the packages of one environment", "Aim: a fifteenth of Spack's time.", [
      {
        name: "spack-oci",
        prepare: () =>
          ours("pull", mirror, "mochi-suite", "bedrock-lite", "tricky-lite", "--root", shortRoot()),
      },
      ...spackWhereThereIsOne(() =>
        spackCommand({ root: shortRoot(), mirror }, (spack) => [
          "-e",
          spack.environment,
          "install",
          "--cache-only",
        ]),
      ),
    ]);
  });

  it("pushes one big package", async () => {
    const mirror = (who: string, round: number) => registry.location(`push-big-${who}-${round}`);
    await add(
      `Push one package of ${Math.round(bytes / 1e6)} MB`,
      "Aim: a sixth of Spack's time with layers that are at most 6 % larger. The pipeline only packs: nothing is uploaded.",
      [
        {
          name: "spack-oci",
          prepare: (round) =>
            ours("push", mirror("ours", round), BIG, "--only", "package", "--store", bigRoot),
        },
        ...spackWhereThereIsOne((round) =>
          spackCommand({ root: bigRoot, mirror: mirror("spack", round) }, () => [
            ...["buildcache", "push", "--unsigned", "--only", "package", "mochi", BIG],
          ]),
        ),
        {
          name: "`tar \\| gzip -6 \\| sha256sum`",
          prepare: () => ({ script: `tar -c -C ${bigPrefix} . | gzip -6 | sha256sum >/dev/null` }),
        },
      ],
    );
  });

  it("pulls one big package", async () => {
    const mirror = registry.location("pull-big");
    await measure(
      [{ name: "", prepare: () => ours("push", mirror, BIG, "--store", bigRoot, "--update-index") }],
      1,
    );
    const layer = await layerUrl(mirror);
    await add(
      `Pull and relocate one package of ${Math.round(bytes / 1e6)} MB`,
      "Aim: a fifth of Spack's time, and 1.3 times that of the pipeline, which relocates nothing.",
      [
        { name: "spack-oci", prepare: () => ours("pull", mirror, BIG, "--root", shortRoot()) },
        ...spackWhereThereIsOne(() =>
          spackCommand({ root: shortRoot(), mirror }, () => ["install", "--cache-only", specFile(BIG)]),
        ),
        ...(onPath("curl") === undefined
          ? []
          : [
              {
                name: "`curl \\| tee >(sha256sum) \\| gunzip \\| tar -x`",
                prepare: () => {
                  const directory = shortRoot();
                  const unpack = `gunzip | tar -x -C ${directory}`;
                  return {
                    script: `mkdir -p ${directory}; curl -sSfk ${layer} | tee >(sha256sum >/dev/null) | ${unpack}`,
                  };
                },
              },
            ]),
      ],
    );
  });

  it("finds nothing to do", async () => {
    const mirror = registry.location("pull-small");
    const root = shortRoot();
    await measure([{ name: "", prepare: () => ours("pull", mirror, "--root", root) }], 1);
    await add("Nothing to do: 20 packages are there", "Aim: under a second, at 20 ms latency, of 200.", [
      { name: "`spack-oci push`", prepare: () => ours("push", mirror, "--store", sample) },
      ...spackWhereThereIsOne(() =>
        spackCommand({ root: sample, paddedLength: SAMPLE_PADDING, mirror }, (spack) => [
          ...["-e", spack.environment, "buildcache", "push", "--unsigned", "mochi"],
        ]),
      ).map((rival) => ({ ...rival, name: "`spack buildcache push`" })),
      { name: "`spack-oci pull`", prepare: () => ours("pull", mirror, "--root", root) },
    ]);
  });

  /** Where the layer of the big package is. */
  async function layerUrl(mirror: string): Promise<string> {
    const client = createRegistryClient({ tls: () => ({ caFiles: [registry.authority] }) });
    const target = openTarget(mirror, { client });
    const tag = specFile(BIG).replace(/^.*\/(.*)\.spec\.json$/, "$1.spack");
    const { manifest } = await fetchManifest(target, tag);
    const digest = isImageIndex(manifest) ? undefined : manifest.layers.at(-1)?.digest;
    const [, host, repository] = /^oci:\/\/([^/]+)\/(.*)$/.exec(mirror) ?? [];
    return `https://${host}/v2/${repository}/blobs/${digest}`;
  }
});
