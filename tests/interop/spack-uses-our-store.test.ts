// Spack treats a store that this project filled like one of its own.

import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Records, readRecords } from "./support/database.js";
import { describeStore, INSTALL_MANIFEST, INSTALL_TIMES } from "./support/describe-store.js";
import { shortRoot } from "./support/short-root.js";
import { describeWithSpack, Spack } from "./support/spack.js";
import { copySamplesTo, startTlsRegistry, type TlsRegistry } from "./support/tls-registry.js";

/** Commands to run on both stores, in this order; the later ones change them. */
const QUESTIONS = [
  ["find", "-lvp"],
  ["find", "-l", "--explicit"],
  ["find", "-l", "--implicit"],
  ["find", "-ldN", "bedrock-lite"],
  ["dependents", "-i", "libfabric-lite@1.22.0"],
  ["dependencies", "--installed", "-t", "mochi-suite"],
  ["-e", "ENVIRONMENT", "find", "-l"],
  ["-e", "ENVIRONMENT", "install", "--cache-only"],
  ["uninstall", "-y", "margo-lite"],
  ["reindex"],
  ["find", "-L"],
  ["uninstall", "-y", "mochi-suite"],
  ["gc", "-y"],
  ["find", "-lvp"],
] as const;

interface Answer {
  readonly question: string;
  readonly status: number | null;
  readonly lines: readonly string[];
  readonly records: Records;
  readonly prefixes: readonly string[];
}

describeWithSpack("Spack, with a store filled by this project", () => {
  const root = shortRoot();
  let registry: TlsRegistry;
  let spack: Spack;
  const expected: Answer[] = [];
  const found: Answer[] = [];
  let expectedStore: object;
  let foundStore: object;
  let manifests: Answer;

  const newSpack = () =>
    Spack.create({ root, mirror: registry.location("mochi"), authority: registry.authority });

  beforeAll(async () => {
    registry = await startTlsRegistry();
    await copySamplesTo(registry, "mochi");
    const other = await newSpack();
    await other.do("-e", other.environment, "install", "--cache-only");
    expectedStore = describeStore(root, [INSTALL_TIMES, INSTALL_MANIFEST]);
    for (const question of QUESTIONS) expected.push(await ask(other, root, question));
    rmSync(root, { recursive: true });

    spack = await newSpack();
    expect(await spack.ours("-e", spack.environment, "pull", "mochi")).toMatchObject({ status: 0 });
    foundStore = describeStore(root, [INSTALL_TIMES, INSTALL_MANIFEST]);
    manifests = await ask(spack, root, ["verify", "manifest", ...hashesOfInstalled(readRecords(root))]);
    for (const question of QUESTIONS) found.push(await ask(spack, root, question));
  }, 300_000);
  afterAll(() => registry.stop());

  it("finds the packages that it would have installed itself", () => {
    expect(foundStore).toEqual(expectedStore);
  });

  it("verifies the files of every package, which it cannot do for packages it relocated itself", () => {
    expect(manifests).toMatchObject({ status: 0, lines: [] });
  });

  it.each(QUESTIONS.map((question, index) => [question.join(" "), index] as const))(
    "answers %s",
    (question, index) => {
      expect(expected[index]?.question).toBe(question);
      expect(found[index]).toEqual(expected[index]);
    },
  );

  it("rejects, removes and keeps what it should", () => {
    const after = (question: string) => found.find((answer) => answer.question === question);
    expect(after("find -lvp")?.prefixes).toHaveLength(18);
    expect(after("uninstall -y margo-lite")).toMatchObject({ status: 1 });
    expect(after("uninstall -y mochi-suite")).toMatchObject({ status: 0 });
    expect(after("uninstall -y mochi-suite")?.prefixes).toHaveLength(17);
    expect(after("gc -y")).toMatchObject({ status: 0 });
  });
});

async function ask(spack: Spack, root: string, question: readonly string[]): Promise<Answer> {
  const args = question.map((word) => (word === "ENVIRONMENT" ? spack.environment : word));
  const { status, stdout, stderr } = await spack.run(...args);
  // Tables contain the environment's path, and the order of removals is random.
  const lines = `${stdout}${stderr}`.replaceAll(spack.environment, "ENVIRONMENT").split("\n");
  return {
    question: question.join(" "),
    status,
    lines: lines.filter((line) => line !== "").sort(),
    records: readRecords(root),
    prefixes: readdirSync(root)
      .filter((name) => name.startsWith("linux-"))
      .flatMap((platform) => readdirSync(join(root, platform)))
      .sort(),
  };
}

function hashesOfInstalled(records: Records): string[] {
  const installed = Object.entries(records).filter(
    ([, record]) => record["installed"] === true && existsSync(join(String(record["path"]), ".spack")),
  );
  return installed.map(([hash]) => `/${hash}`);
}
