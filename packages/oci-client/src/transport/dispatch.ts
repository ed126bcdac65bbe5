// One request through undici's lowest interface, which hands over bytes where they were read.

import type { Dispatcher } from "undici";
import type { HttpResponse } from "../http/http.js";
import { onAbort } from "../storage/on-abort.js";

/** What takes the bytes of an answer. */
interface AnswerBody {
  receive(chunk: Buffer): void;
  /** All bytes have come. */
  complete(): void;
  destroy(error: Error): unknown;
  /** Calls a listener once the connection is free for another request, or closed. */
  once(event: "close", listener: () => void): unknown;
}

/** The beginning of an answer, and its body. */
interface Answer<Body> extends Pick<HttpResponse, "status" | "headers"> {
  readonly body: Body;
}

/** How an answer is read. */
interface Reading<Body> {
  /** Any of them ends the request, even while its answer is being read. */
  readonly signals: readonly (AbortSignal | undefined)[];
  /** @param length how many bytes will come; `NaN` if unknown */
  readonly bodyFor: (controller: Dispatcher.DispatchController, status: number, length: number) => Body;
}

/**
 * Sends a request, and returns when its answer begins.
 *
 * @throws The signal's reason, and undici's errors.
 */
export function dispatch<Body extends AnswerBody>(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  { signals, bodyFor }: Reading<Body>,
): Promise<Answer<Body>> {
  let release = () => {};
  const answered = new Promise<Answer<Body>>((resolve, reject) => {
    const handler = new AnswerHandler(bodyFor, resolve, reject);
    const releases = signals.map((signal) => onAbort(signal, () => handler.abort(signal?.reason)));
    release = () => {
      for (const each of releases) each();
    };
    dispatcher.dispatch(options, handler);
  });
  answered.then(({ body }) => body.once("close", release), release);
  return answered;
}

/** What undici calls as an answer comes. */
class AnswerHandler<Body extends AnswerBody> implements Dispatcher.DispatchHandler {
  readonly #bodyFor: Reading<Body>["bodyFor"];
  readonly #resolve: (answer: Answer<Body>) => void;
  readonly #reject: (error: Error) => void;
  #body: Body | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #aborted: { readonly reason: Error } | undefined;

  constructor(
    bodyFor: Reading<Body>["bodyFor"],
    resolve: (answer: Answer<Body>) => void,
    reject: (error: Error) => void,
  ) {
    this.#bodyFor = bodyFor;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  abort(reason: Error): void {
    this.#aborted = { reason };
    this.#reject(reason);
    if (this.#body !== undefined) this.#body.destroy(reason);
    else this.#controller?.abort(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#aborted !== undefined) controller.abort(this.#aborted.reason);
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: HttpResponse["headers"],
  ): void {
    if (status < 200) return; // an interim answer
    this.#body = this.#bodyFor(controller, status, Number(headers["content-length"]));
    this.#resolve({ status, headers, body: this.#body });
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#body?.receive(chunk);
  }

  onResponseEnd(): void {
    this.#body?.complete();
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#reject(error);
    this.#body?.destroy(error);
  }
}
