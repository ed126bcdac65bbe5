// What every request to a repository has in common: the URL, the name in messages, and the token scope.

import { type Action, repositoryScope } from "../../auth/scope.js";
import type { Descriptor } from "../../content/descriptor.js";
import { isDigest } from "../../content/digest.js";
import type { HttpRequest } from "../../http/http.js";
import { apiHost } from "../../quirks/host-names.js";
import type { LearnedBehavior } from "../../quirks/learned-behavior.js";
import type { BodyFactory, PushOptions } from "../../storage/target.js";
import type { RegistryClient } from "../../transport/client.js";

/** A repository on a registry, and the client that talks to it. */
export interface Repository {
  readonly client: RegistryClient;
  /** Host with port, as the user wrote it. */
  readonly host: string;
  readonly scheme: "https" | "http";
  readonly repository: string;
  readonly learned: LearnedBehavior;
}

/** Content on its way to a repository. */
export interface Push {
  readonly repository: Repository;
  readonly descriptor: Descriptor;
  readonly body: BodyFactory;
  readonly options: PushOptions;
}

/** `https://host`, without a path. */
export function baseUrl({ scheme, host }: Repository): string {
  return `${scheme}://${apiHost(host)}`;
}

/** The URL of a path under `/v2/<repository>/`. */
export function repositoryUrl(repository: Repository, path: string): string {
  return `${baseUrl(repository)}/v2/${repository.repository}/${path}`;
}

/** The name of a tag or digest of the repository in messages; of the repository itself without one. */
export function describePlace({ host, repository }: Repository, reference?: string): string {
  if (reference === undefined) return `${host}/${repository}`;
  return `${host}/${repository}${isDigest(reference) ? "@" : ":"}${reference}`;
}

/** What a request is about. */
export interface Subject {
  /** A tag or digest; undefined for the repository as a whole. */
  readonly reference?: string | undefined;
  /** What the token must allow. */
  readonly actions: readonly Action[];
  readonly signal: AbortSignal | undefined;
}

/** The part of a request that follows from its subject. */
export function requestFor(
  repository: Repository,
  { reference, actions, signal }: Subject,
): Pick<HttpRequest, "repository" | "scopes" | "place" | "signal"> {
  return {
    repository: repository.repository,
    scopes: [repositoryScope(repository.repository, ...actions)],
    place: describePlace(repository, reference),
    signal,
  };
}
