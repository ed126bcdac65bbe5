// An OCI registry in this process, on a real socket, that fails on request and records every request.

import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { type Answer, answer, failure, type Question } from "./answer.js";
import { type AuthOptions, Guard } from "./auth.js";
import { answerBlob } from "./blobs.js";
import { type Fault, FaultScript, spoil } from "./faults.js";
import { answerManifest, answerReferrers, answerTags, meetsConditions } from "./manifests.js";
import { readRequest, send } from "./serve.js";
import { Storage } from "./storage.js";
import { answerUpload } from "./uploads.js";

/** How a test registry behaves without faults. */
export interface TestRegistryOptions {
  readonly auth?: AuthOptions;
  /** The maximum number of tags per page. */
  readonly pageSize?: number;
  /** Whether it has the referrers API. */
  readonly referrers?: boolean;
  /** Whether it honors If-Match and If-None-Match for tags, as few registries do. */
  readonly conditional?: boolean;
  /** Serves https. */
  readonly tls?: {
    readonly key: string;
    readonly cert: string;
    readonly ca?: string;
    readonly requestCert?: boolean;
  };
}

/** A request, and the status of its answer; 0 if a fault left it unanswered. */
export interface RecordedRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** How many bytes of the request's body were read. */
  readonly bytes: number;
  status: number;
}

/** A running test registry. */
export class TestRegistry {
  readonly storage = new Storage();
  readonly requests: RecordedRequest[] = [];
  readonly guard: Guard;
  /** Serves other paths, e.g. storage that it redirects to. */
  readonly routes = new Map<string, (question: Question) => Answer>();
  readonly #faults = new FaultScript();
  readonly #options: TestRegistryOptions;
  readonly #server;

  constructor(options: TestRegistryOptions) {
    this.#options = options;
    this.guard = new Guard(options.auth);
    const listener = (request: IncomingMessage, response: ServerResponse) => {
      this.#serve(request, response).catch((error) => response.destroy(error));
    };
    this.#server = options.tls ? createHttpsServer(options.tls, listener) : createHttpServer(listener);
  }

  /** `127.0.0.1:port`. */
  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** `http://127.0.0.1:port`, or https. */
  get origin(): string {
    return `${this.#options.tls ? "https" : "http"}://${this.host}`;
  }

  /** The location of a repository on it. */
  location(repository: string): string {
    return `${this.#options.tls ? "oci" : "oci+http"}://${this.host}/${repository}`;
  }

  /** Scripts a fault; its `hits` count the requests it has hit. */
  fault(fault: Fault): { readonly hits: number } {
    return this.#faults.add(fault);
  }

  /** Lets `choose` decide on every request that no scripted fault hits. */
  faultByChance(choose: (question: Question) => Fault | undefined): void {
    this.#faults.chance = choose;
  }

  /** Forgets faults and requests. */
  reset(): void {
    this.#faults.clear();
    this.requests.length = 0;
  }

  /** How many requests had this method and a matching path. */
  count(method: string, path: RegExp = /./): number {
    return this.requests.filter((request) => request.method === method && path.test(request.path)).length;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const headers = request.headers as Record<string, string | undefined>;
    const method = request.method ?? "";
    const url = new URL(request.url ?? "/", this.origin);
    const recorded = { method, path: url.pathname + url.search, headers, bytes: 0, status: 0 };
    this.requests.push(recorded);
    const fault = this.#faults.take({ method, url, headers, body: Buffer.alloc(0) });
    const body = await readRequest(request, fault);
    if (body === undefined) return;
    recorded.bytes = body.length;
    if (fault?.delay !== undefined) await delay(fault.delay);
    await fault?.until;
    const question = { method, url, headers, body };
    // A replaced status means that the registry did not process the request.
    const good = fault?.status === undefined ? this.#answer(question) : answer(fault.status);
    if (fault?.loseAnswer) {
      request.socket.resetAndDestroy();
      return;
    }
    const spoiled = fault === undefined ? good : spoil(good, fault, question);
    recorded.status = spoiled.status;
    send(response, method, spoiled, fault);
  }

  #answer(question: Question): Answer {
    const { pathname } = question.url;
    const route = this.routes.get(pathname);
    if (route !== undefined) return route(question);
    if (pathname === "/token") return this.guard.answerToken(question);
    const refusal = this.guard.check(question, this.origin);
    if (refusal !== undefined) return refusal;
    if (pathname === "/v2/") return answer(200);
    const [, name = "", kind, rest = ""] =
      /^\/v2\/(.+?)\/(blobs\/uploads|blobs|manifests|tags|referrers)\/(.*)$/.exec(pathname) ?? [];
    const reference = decodeURIComponent(rest);
    const repository = this.storage.repository(name);
    if (kind === "blobs/uploads") return answerUpload(this.storage, name, reference, question);
    if (kind === "blobs") return answerBlob(repository, reference, question);
    if (kind === "manifests") {
      const isMet = this.#options.conditional !== true || meetsConditions(repository, reference, question);
      return isMet ? answerManifest(repository, reference, question) : answer(412);
    }
    if (kind === "referrers" && this.#options.referrers) return answerReferrers(repository, reference);
    if (kind === "tags") return answerTags(name, repository, question, this.#options.pageSize ?? 1000);
    return failure(404, "UNSUPPORTED");
  }
}

/** Starts a test registry; close it when done. */
export function startTestRegistry(options: TestRegistryOptions = {}): Promise<TestRegistry> {
  return new TestRegistry(options).start();
}
