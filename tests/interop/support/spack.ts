// A real Spack in isolated scopes: it neither reads nor writes the machine's configuration.

import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe } from "vitest";
import { type CommandRun, spackOci } from "../../support/command-line.js";
import { fixture } from "../../support/fixtures.js";
import { gatherRecipes } from "./recipes.js";

const checkout = process.env["SPACK_TEST_ROOT"];

if (checkout === undefined) {
  console.log(
    "skipped: tests with a real Spack, because SPACK_TEST_ROOT does not name one (CONTRIBUTING.md)",
  );
}

/** Whether a Spack is available. */
export const hasSpack = checkout !== undefined;

/** Runs its tests only if a Spack is available. */
export const describeWithSpack: typeof describe.sequential = describe.skipIf(checkout === undefined);

const homes: string[] = [];

// Registered here, because a hook that is registered within another hook or a test never runs.
afterAll(() => {
  for (const home of homes) rmSync(home, { recursive: true, force: true });
});

/** The padded length of the sample store's root. */
export const SAMPLE_PADDING = 128;

/** How a command of Spack ended, and what it wrote. */
export interface SpackRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** The configuration of a Spack. */
export interface SpackOptions {
  /** The unpadded root of its install tree. */
  readonly root: string;
  readonly paddedLength?: number;
  /** URL of its only buildcache. */
  readonly mirror?: string;
  /** PEM file of the authority that signed the mirror's certificate. */
  readonly authority?: string | undefined;
  /** The home directory of GnuPG with its keys; with one, its mirror is signed. */
  readonly gpgHome?: string;
}

/** One scope with its install tree, and the environment from which the sample store was built. */
export class Spack {
  readonly #home: string;
  /** Its environment variables. */
  readonly variables: NodeJS.ProcessEnv;

  private constructor(home: string, variables: NodeJS.ProcessEnv) {
    this.#home = home;
    this.variables = variables;
  }

  /** Call it in hooks or tests: its files are removed after the test file. */
  static async create(options: SpackOptions): Promise<Spack> {
    const home = mkdtempSync(join(tmpdir(), "spack-oci-spack-"));
    homes.push(home);
    const repositories = await gatherRecipes(join(home, "recipes"));
    for (const [name, text] of Object.entries(scope(home, options, repositories))) {
      mkdirSync(join(home, "scope"), { recursive: true });
      writeFileSync(join(home, "scope", `${name}.yaml`), text);
    }
    mkdirSync(join(home, "environment"));
    for (const name of ["spack.yaml", "spack.lock"]) {
      copyFileSync(fixture(`producer/${name}`), join(home, "environment", name));
    }
    return new Spack(home, {
      PATH: process.env["PATH"],
      HOME: home,
      SPACK_DISABLE_LOCAL_CONFIG: "1",
      SPACK_USER_CACHE_PATH: join(home, "user-cache"),
      SPACK_USER_CONFIG_PATH: join(home, "user-config"),
      SPACK_COLOR: "never",
      SPACK_PYTHON: process.env["SPACK_TEST_PYTHON"],
      SSL_CERT_FILE: options.authority,
      SPACK_GNUPGHOME: options.gpgHome,
    });
  }

  /** The directory of the environment whose lock file lists the sample store. */
  get environment(): string {
    return join(this.#home, "environment");
  }

  /** The repositories of its recipes, which tests may change. */
  get recipes(): string {
    return join(this.#home, "recipes", "spack_repo");
  }

  /** Runs a command, and returns its status. */
  async run(...args: string[]): Promise<SpackRun> {
    const began = performance.now();
    const child = this.start(...args);
    const [stdout, stderr] = ["", ""].map((text) => ({ text }));
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      if (stdout) stdout.text += chunk;
    });
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      if (stderr) stderr.text += chunk;
    });
    const status = await new Promise<number | null>((resolve, reject) => {
      child.once("close", resolve).once("error", reject);
    });
    return {
      status,
      stdout: stdout?.text ?? "",
      stderr: stderr?.text ?? "",
      seconds: (performance.now() - began) / 1000,
    };
  }

  /** Runs a command that must succeed. @returns its output */
  async do(...args: string[]): Promise<string> {
    const { status, stdout, stderr } = await this.run(...args);
    if (status !== 0) throw new Error(`spack ${args.join(" ")} ended with ${status}:\n${stdout}${stderr}`);
    return stdout;
  }

  /** Runs this project's command line with this Spack. */
  ours(...args: string[]): Promise<CommandRun> {
    return spackOci([...this.surroundings, ...args], { environment: this.variables, host: "this" });
  }

  /** The options that point this project's command line to this Spack. */
  get surroundings(): string[] {
    return ["--spack-root", checkout ?? "", "-C", join(this.#home, "scope")];
  }

  /** Starts a command without waiting for it. */
  start(...args: string[]): ChildProcess {
    const [program = "", ...first] = this.program;
    return spawn(program, [...first, ...args], { env: this.variables, stdio: ["ignore", "pipe", "pipe"] });
  }

  /** The program and its first arguments. */
  get program(): string[] {
    return [join(checkout ?? "", "bin", "spack"), "-C", join(this.#home, "scope")];
  }
}

/** The file with the concrete spec of a sample package, which installs without a concretizer or an index. */
export function specFile(name: string): string {
  const specs = fixture("producer/specs");
  const file = readdirSync(specs).find((candidate) => candidate.startsWith(`${name}-`));
  if (file === undefined) throw new Error(`${specs} has no spec of ${name}`);
  return join(specs, file);
}

function scope(
  home: string,
  { root, paddedLength = 0, mirror, gpgHome }: SpackOptions,
  repositories: ReadonlyMap<string, string>,
): Record<string, string> {
  return {
    config: `config:
  install_tree: { root: ${root}, padded_length: ${paddedLength || false} }
  build_stage: [${home}/stage]
  source_cache: ${home}/source-cache
  misc_cache: ${home}/misc-cache
`,
    repos: `repos:\n${[...repositories].map(([name, path]) => `  ${name}: ${path}\n`).join("")}`,
    packages: `packages:
  all:
    require: target=x86_64_v3
    permissions: { read: world, write: user }
  gcc:
    externals:
    - spec: gcc@12.2.0 languages:='c,c++'
      prefix: /usr
      extra_attributes: { compilers: { c: /usr/bin/gcc, cxx: /usr/bin/g++ } }
`,
    // Spack finds gpg on PATH only if it may bootstrap it.
    bootstrap: `bootstrap: { enable: ${gpgHome !== undefined}, root: ${home}/bootstrap }\n`,
    mirrors:
      mirror === undefined
        ? "mirrors:: {}\n"
        : `mirrors:: { mochi: { url: "${mirror}", signed: ${gpgHome !== undefined} } }\n`,
  };
}
