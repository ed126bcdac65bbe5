// Assembles the layers: retry over redirects over authentication over the gate over undici.

import { Login } from "../auth/login.js";
import type { Credentials } from "../credentials/credential.js";
import { type FollowPolicy, followPolicy } from "../http/follow.js";
import type { Send } from "../http/http.js";
import { type HostProfile, rateLimitOf } from "../quirks/host-profile.js";
import type { SettingsOfHost } from "../quirks/host-settings.js";
import { type KnownHost, knownHost } from "../quirks/known-hosts.js";
import { type ResumableUploads, resumableUploads } from "../user-dirs/resumable-uploads.js";
import { withAuthentication } from "./authentication.js";
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from "./backoff.js";
import { type Clock, systemClock } from "./clock.js";
import { createDispatchers } from "./dispatcher.js";
import { withGate } from "./gate.js";
import { PressureGauge } from "./pressure.js";
import { type HttpTrace, withTrace } from "./redaction.js";
import { withRedirects } from "./redirect.js";
import { createRetry, type Retry, withRetry } from "./retry.js";
import type { TlsOptions } from "./tls.js";
import { type Timeouts, undiciTransport } from "./undici-transport.js";
import { withWarnings } from "./warnings.js";

/** The behavior of a client; everything has a default. */
export interface RegistryClientOptions {
  readonly credentials?: Credentials;
  readonly retry?: Partial<RetryPolicy>;
  readonly timeouts?: Partial<Timeouts>;
  /** The user's settings for a host (`name` or `name:port`). */
  readonly hosts?: SettingsOfHost;
  /** Certificates for a host (`name` or `name:port`); the system's authorities if left out. */
  readonly tls?: (host: string) => TlsOptions;
  /** The source of `https_proxy`, `http_proxy` and `no_proxy`; `process.env` if left out. */
  readonly environment?: NodeJS.ProcessEnv;
  readonly userAgent?: string;
  /** A directory that remembers unfinished uploads in chunks for the next process; none if left out. */
  readonly uploadsDirectory?: string;
  /** Where Location, Link and realm may lead; by default, downgrades to http and private addresses are rejected. */
  readonly mayFollow?: FollowPolicy;
  /** What is known about a host from its name; tests give a local registry the traits of a product. */
  readonly knownHost?: (host: string) => KnownHost;
  /** Called for every request on the wire, without secrets. */
  readonly onRequest?: (trace: HttpTrace) => void;
  /** Called once for each warning that a registry sends. */
  readonly onWarning?: (host: string, text: string) => void;
  readonly clock?: Clock;
}

/** Talks to registries; holds connections, tokens and the load of each host. Share one. */
export interface RegistryClient {
  readonly send: Send;
  readonly retry: Retry;
  readonly mayFollow: FollowPolicy;
  readonly credentials: Credentials;
  readonly hosts: (host: string) => HostProfile;
  readonly uploads: ResumableUploads;
  /** Closes idle connections. Processes can end without it. */
  close(): Promise<void>;
}

const DEFAULT_TIMEOUTS: Timeouts = { connect: 10_000, headers: 120_000, stall: 60_000 };

/** Creates a client, which is anonymous without `credentials`. */
export function createRegistryClient(options: RegistryClientOptions = {}): RegistryClient {
  const { mayFollow = followPolicy, clock = systemClock } = options;
  const known = options.knownHost ?? knownHost;
  const settings: SettingsOfHost = options.hosts ?? (() => ({}));
  const hosts = (host: string): HostProfile => ({ known: known(host), settings: settings(host) });
  const credentials: Credentials = options.credentials ?? (() => undefined);
  const policy = { ...DEFAULT_RETRY_POLICY, ...options.retry };
  const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
  const dispatchers = createDispatchers({
    connectTimeout: timeouts.connect,
    tls: options.tls ?? (() => ({})),
    environment: options.environment ?? process.env,
  });
  const retry = createRetry(policy, clock);

  const wire = undiciTransport({
    dispatcherFor: dispatchers.of,
    timeouts,
    userAgent: options.userAgent ?? "spack-oci",
  });
  const traced = options.onRequest === undefined ? wire : withTrace(wire, options.onRequest);
  const warned = options.onWarning === undefined ? traced : withWarnings(traced, options.onWarning);
  const gauge = new PressureGauge(policy, clock, (host) => rateLimitOf(hosts(host)));
  const gated = withGate(warned, gauge, clock);
  const tokenSend = withRetry(withRedirects(gated, mayFollow), retry, clock);
  const login = new Login({
    credentials,
    send: tokenSend,
    reread: retry.reread,
    mayFollow,
    mayUseHttp: (host) => settings(host).credentialsOverHttp === true,
    now: clock.now,
  });
  const authenticated = withAuthentication(gated, login);
  const send = withRetry(withRedirects(authenticated, mayFollow), retry, clock);

  const uploads = resumableUploads(options.uploadsDirectory);
  return { send, retry, mayFollow, credentials, hosts, uploads, close: dispatchers.close };
}
