// What all cases share: registries, the commands to measure, and stores that take long to generate.

import { randomUUID } from "node:crypto";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createRegistryClient, openTarget, type Target } from "@spack-oci/oci-client";
import { shortRoot } from "../../interop/support/short-root.js";
import { hasSpack, Spack, type SpackOptions } from "../../interop/support/spack.js";
import { startTlsRegistry, type TlsRegistry } from "../../interop/support/tls-registry.js";
import { nativePackages } from "../../support/bundle.js";
import { type RunningRegistry, registries } from "../../support/registries.js";
import { scratchDirectory } from "../../support/scratch.js";
import { copySample, type GeneratedStore } from "../stores/sample-copies.js";
import { type Rival, runUnmeasured } from "./measure.js";
import type { ShellCommand } from "./run-command.js";
import type { Settings } from "./settings.js";
import { type Link, startLink } from "./start-link.js";

const bundle = fileURLToPath(new URL("../../../bundle/spack-oci.cjs", import.meta.url));

/** The command as published. */
export const spackOci = `${process.execPath} ${bundle}`;

/** The name of Spack in tables. */
export const SPACK = "Spack";

/** The name in tables of a plain Node program that does the least. */
export const FLOOR = "floor";

/** The speed of the slow link. */
export const LINK = { roundTrip: 20, megabits: 200 };

/** The seed of all random numbers. */
export const SEED = 20;

/** Created once, and stopped at the end. */
export class Surroundings {
  readonly settings: Settings;
  readonly registry: TlsRegistry;
  readonly #caches = scratchDirectory("caches");
  readonly #made = new Map<string, Promise<unknown>>();
  readonly #registries: RunningRegistry[] = [];
  #link: Link | undefined;

  private constructor(settings: Settings, registry: TlsRegistry) {
    this.settings = settings;
    this.registry = registry;
  }

  static async create(settings: Settings): Promise<Surroundings> {
    return new Surroundings(settings, await startTlsRegistry());
  }

  /** A new, empty buildcache. */
  newMirror(name: string): string {
    return this.registry.location(`${name}-${randomUUID()}`);
  }

  /** Starts the slow link. @returns a function that gives a buildcache's location through the link */
  async openLink(): Promise<(mirror: string) => string> {
    const { host } = new URL(this.registry.location(""));
    this.#link ??= await startLink(Number(host.split(":")[1]), LINK);
    const { host: linked } = this.#link;
    return (mirror) => mirror.replace(host, linked);
  }

  /** This project's command, with an empty cache. */
  ours(...args: readonly string[]): ShellCommand {
    const cache = join(this.#caches, randomUUID());
    return {
      script: `${spackOci} ${args.join(" ")}`,
      environment: {
        SSL_CERT_FILE: this.registry.authority,
        SPACK_OCI_CACHE: cache,
        NODE_PATH: nativePackages,
      },
      leavings: [cache],
    };
  }

  /** A plain Node program that does the least that the same work needs, and uses nothing of this project. */
  floor(program: string, ...args: readonly string[]): ShellCommand {
    return {
      script: [process.execPath, program, ...args].join(" "),
      environment: { SSL_CERT_FILE: this.registry.authority },
    };
  }

  /** Runs this project's command, unmeasured. */
  async prepare(...args: readonly string[]): Promise<void> {
    await runUnmeasured(this.ours(...args));
  }

  /** A pull into a new root, which is removed after the run. */
  ourPull(mirror: string, ...specs: readonly string[]): ShellCommand {
    const root = shortRoot();
    return withLeavings(this.ours("pull", "--allarch", mirror, ...specs, "--root", root), dirname(root));
  }

  /** The floor of a pull into a new root, which is removed after the run. */
  floorPull(mirror: string): Rival {
    const floor = fileURLToPath(new URL("../floors/pull.mjs", import.meta.url));
    const prepare = () => {
      const root = shortRoot();
      return {
        script: `${process.execPath} ${floor} ${mirror} ${root}`,
        environment: { SSL_CERT_FILE: this.registry.authority },
        leavings: [dirname(root)],
      };
    };
    return { name: FLOOR, prepare };
  }

  /** Spack as a rival, if available, with a new scope and new options for each run. */
  spack(options: () => Promise<SpackOptions> | SpackOptions, ...args: readonly string[]): Rival[] {
    const prepare = async () => this.#spackCommand(await options(), args);
    return hasSpack ? [{ name: SPACK, prepare }] : [];
  }

  /** Spack as a rival that installs into a new root, which is removed after the run. */
  spackPull(mirror: string, ...specFiles: readonly string[]): Rival[] {
    const prepare = async () => {
      const root = shortRoot();
      const command = await this.#spackCommand({ root, mirror }, spackInstall(specFiles));
      return withLeavings(command, dirname(root));
    };
    return hasSpack ? [{ name: SPACK, prepare }] : [];
  }

  async #spackCommand(options: SpackOptions, args: readonly string[]): Promise<ShellCommand> {
    const spack = await Spack.create({ ...options, authority: this.registry.authority });
    return {
      script: [...spack.program, ...args].join(" "),
      environment: spack.variables,
      leavings: [dirname(spack.environment)],
    };
  }

  /** A new registry without encryption. */
  async startRegistry(): Promise<RunningRegistry> {
    const [[, start]] = registries as [(typeof registries)[number]];
    const registry = await start();
    this.#registries.push(registry);
    return registry;
  }

  /** Creates something that several cases share and none changes. */
  once<T>(name: string, make: () => Promise<T>): Promise<T> {
    const made = this.#made.get(name) ?? make();
    this.#made.set(name, made);
    return made as Promise<T>;
  }

  /** A store of small packages. */
  smallPackages(count: number): Promise<GeneratedStore> {
    return this.once(`store of ${count}`, () => copySample(count, SEED));
  }

  /** A buildcache with all packages of that store, and their index, pushed with `options`. */
  filledMirror(count: number, ...options: readonly string[]): Promise<string> {
    return this.once(`mirror of ${count} ${options.join(" ")}`, async () => {
      const mirror = this.newMirror("filled");
      const { root } = await this.smallPackages(count);
      await this.prepare("push", mirror, "--store", root, "--update-index", ...options);
      return mirror;
    });
  }

  /** Opens a buildcache with this project's client. */
  open(mirror: string): Target {
    const client = createRegistryClient({ tls: () => ({ caFiles: [this.registry.authority] }) });
    return openTarget(mirror, { client });
  }

  async stop(): Promise<void> {
    await this.#link?.stop();
    for (const registry of this.#registries) await registry.stop();
    await this.registry.stop();
  }
}

/** Installs specs, several of which may have the same name, without the concretizer. */
export function spackInstall(specFiles: readonly string[]): string[] {
  return ["-c", "concretizer:unify:false", "install", "--cache-only", ...specFiles];
}

function withLeavings(command: ShellCommand, ...leavings: readonly string[]): ShellCommand {
  return { ...command, leavings: [...(command.leavings ?? []), ...leavings] };
}
