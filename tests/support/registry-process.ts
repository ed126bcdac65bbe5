// Runs a real registry on this machine, if one is on PATH: distribution's (docker-registry is
// its version 2, registry its version 3), zot or crane's.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { onPath } from "./on-path.js";

/** Additional configuration, as YAML at the top level (distribution only). */
export interface RegistryProcessOptions {
  readonly auth?: string;
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** Whether it allows deletion; true by default. */
  readonly deletes?: boolean;
}

/** A running registry. */
export interface RegistryProcess {
  /** `docker-registry`, `registry`, `zot` or `crane`. */
  readonly product: string;
  readonly host: string;
  /** The location of a repository on it. */
  location(repository: string): string;
  stop(): Promise<void>;
}

/** The real registries available here, by name. */
export const registryProducts: readonly string[] = ["docker-registry", "registry", "zot"].filter(
  (name) => onPath(name) !== undefined,
);

/** Those of distribution, versions 2 and 3, which take certificates and ask for passwords. */
export const distributionProducts: readonly string[] = registryProducts.filter((name) => name !== "zot");

/** All of them and crane's, which does less: it supports only sha256, and its tags outlive their manifests. */
export const contractProducts: readonly string[] = [
  ...registryProducts,
  ...["crane"].filter((name) => onPath(name) !== undefined),
];

/** Starts a registry on a free port with its own storage, and waits until it answers. */
export async function startRegistryProcess(
  product: string,
  options: RegistryProcessOptions = {},
): Promise<RegistryProcess> {
  const directory = await mkdtemp(join(tmpdir(), `${basename(product)}-`));
  const port = await freePort();
  const child = spawn(product, await argumentsOf(product, directory, port, options), {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const host = `127.0.0.1:${port}`;
  const stop = async () => {
    await kill(child);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await untilItAnswers(child, `${options.tls ? "https" : "http"}://${host}/v2/`, port);
  } catch (error) {
    await stop();
    throw error;
  }
  return { product, host, stop, location: (name) => `${options.tls ? "oci" : "oci+http"}://${host}/${name}` };
}

/** Writes the product's configuration, if it needs one. */
async function argumentsOf(
  product: string,
  directory: string,
  port: number,
  options: RegistryProcessOptions,
): Promise<string[]> {
  if (product === "crane") {
    return ["registry", "serve", "--address", `127.0.0.1:${port}`, "--disk", directory];
  }
  const isZot = product === "zot";
  const config = join(directory, isZot ? "config.json" : "config.yml");
  await writeFile(config, isZot ? zotConfig(directory, port) : distributionConfig(directory, port, options));
  return ["serve", config];
}

function distributionConfig(directory: string, port: number, options: RegistryProcessOptions): string {
  const { auth, tls, deletes = true } = options;
  return `version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage:
  filesystem: { rootdirectory: ${directory}/data }
  delete: { enabled: ${deletes} }
http:
  addr: 127.0.0.1:${port}
${tls ? `  tls: { certificate: ${tls.certificate}, key: ${tls.key} }\n` : ""}${auth ?? ""}
`;
}

function zotConfig(directory: string, port: number): string {
  return JSON.stringify({
    storage: { rootDirectory: join(directory, "data") },
    http: { address: "127.0.0.1", port: String(port) },
    log: { level: "error" },
  });
}

async function untilItAnswers(child: ChildProcess, url: string, port: number): Promise<void> {
  let complaint = "";
  child.stderr?.on("data", (chunk) => {
    complaint += chunk;
  });
  for (let i = 0; i < 200; i += 1) {
    if (child.exitCode !== null) throw new Error(`the registry ended with ${child.exitCode}: ${complaint}`);
    if (await isListening(port)) return;
    await delay(50);
  }
  throw new Error(`${url} does not answer: ${complaint}`);
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await Promise.race([ended, delay(3000, undefined, { ref: false }).then(() => child.kill("SIGKILL"))]);
  await ended;
}
