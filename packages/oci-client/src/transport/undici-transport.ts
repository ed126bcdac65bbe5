// The only place that sends requests through undici; nothing above it knows undici.

import { Readable } from "node:stream";
import { SpackOciError } from "@spack-oci/errors";
import type { Dispatcher } from "undici";
import type { HttpRequest, HttpResponse, Send } from "../http/http.js";
import { MAX_MESSAGE_SIZE } from "../limits.js";
import { AnswerBytes, type AnswerLimit } from "./answer-bytes.js";
import { AnswerStream } from "./answer-stream.js";
import { dispatch } from "./dispatch.js";
import { explainConnection } from "./undici-errors.js";
import { openUploadBody, type UploadBody } from "./upload-body.js";

/** Time limits, all in milliseconds. */
export interface Timeouts {
  /** For a connection. */
  readonly connect: number;
  /**
   * For an answer to begin; requests with a body get a second more for every MiB, or for a GiB if the size is
   * unknown.
   */
  readonly headers: number;
  /** For the next byte, in either direction. */
  readonly stall: number;
}

/** The assumed size of a body of unknown size, in bytes. */
const ASSUMED_SIZE = 1024 ** 3;

/** What a transport needs. */
export interface TransportOptions {
  readonly dispatcherFor: (origin: string) => Promise<Dispatcher>;
  readonly timeouts: Timeouts;
  readonly userAgent: string;
}

/** Sends requests through undici: one attempt each, without following redirects. */
export function undiciTransport(options: TransportOptions): Send {
  return async (request) => {
    request.signal?.throwIfAborted();
    const stalled = request.body && new AbortController();
    const body =
      request.body &&
      openUploadBody(request.body, options.timeouts.stall, () => stalled?.abort(stallError()));
    try {
      const response = await attempt(request, { body, stalled: stalled?.signal }, options);
      // After a redirect or a challenge, the body is sent again.
      if (response.status >= 300) body?.takeBack();
      else body?.settle();
      return response;
    } catch (error) {
      body?.takeBack();
      if (body?.content instanceof Readable) body.content.on("error", () => {}).destroy();
      request.signal?.throwIfAborted();
      if (body?.sourceError() !== undefined && body.sourceError() === error) throw error;
      if (error instanceof SpackOciError) throw error;
      throw explainConnection(stalled?.signal.aborted ? stalled.signal.reason : error, request);
    }
  };
}

/** What belongs to one attempt at a request. */
interface Attempt {
  readonly body: UploadBody | undefined;
  /** Aborted if nothing of the body is taken for too long. */
  readonly stalled: AbortSignal | undefined;
}

async function attempt(
  request: HttpRequest,
  { body, stalled }: Attempt,
  { dispatcherFor, timeouts, userAgent }: TransportOptions,
): Promise<HttpResponse> {
  const size = request.body === undefined ? 0 : request.body.size;
  const { origin, pathname, search } = new URL(request.url);
  const dispatcher = await dispatcherFor(origin);
  const options: Dispatcher.DispatchOptions = {
    origin,
    path: `${pathname}${search}`,
    method: request.method,
    // By default, undici closes a connection after HEAD in case a server sends a body; registries do not.
    reset: false,
    headers: {
      "user-agent": userAgent,
      // Compressed answers would not match Content-Length and digests.
      "accept-encoding": "identity",
      ...(request.body === undefined ? bodilessHeaders(request) : lengthOf(size)),
      ...request.headers,
    },
    body: body?.content ?? null,
    headersTimeout: timeouts.headers + (size ?? ASSUMED_SIZE) / 1024,
    bodyTimeout: timeouts.stall,
  };
  const answer = await dispatch(dispatcher, options, {
    signals: [stalled, request.signal],
    bodyFor: (controller, status, length) =>
      request.content === "streamed" && (status === 200 || status === 206)
        ? new AnswerStream(controller, length)
        : new AnswerBytes(controller, limitOf(request, status)),
  });
  const { status, headers, body: content } = answer;
  const head = { status, headers, url: request.url };
  if (content instanceof AnswerStream) return { ...head, body: Buffer.alloc(0), stream: content };
  return { ...head, body: await content.bytes };
}

/**
 * The request's own limit is that of what it asks for: redirects and explanations of errors have the usual one.
 * Explanations are cut off there, longer answers of other kinds are rejected.
 */
function limitOf(request: HttpRequest, status: number): AnswerLimit {
  if (status >= 400) return { bytes: MAX_MESSAGE_SIZE, excess: undefined };
  const { limit = MAX_MESSAGE_SIZE } = status < 300 ? request : {};
  return { bytes: limit, excess: () => tooLarge(request) };
}

/** Without a length, undici sends the body in chunks as it comes (RFC 9112, 7.1, "Chunked Transfer Coding"). */
function lengthOf(size: number | undefined): Record<string, string> {
  return size === undefined ? {} : { "content-length": String(size) };
}

function bodilessHeaders({ method }: HttpRequest): Record<string, string> {
  return method === "POST" || method === "PUT" || method === "PATCH" ? { "content-length": "0" } : {};
}

function tooLarge({ place, limit }: HttpRequest): SpackOciError {
  const what = `the answer exceeds ${limit ?? MAX_MESSAGE_SIZE} bytes`;
  return new SpackOciError("ERR_OCI_RESPONSE_TOO_LARGE", `${place}: ${what}.`, {
    // Content has a limit of its own; what exceeds the usual one is not an answer of a registry.
    kind: limit === undefined ? "unreachable" : "corrupt",
    place,
    hint: "Check that the host is an OCI registry.",
  });
}

function stallError(): Error {
  return Object.assign(new Error("no byte was taken"), { code: "ETIMEDOUT" });
}
