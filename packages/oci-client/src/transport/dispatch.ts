// One request through undici's lowest interface, which hands over bytes where they were read.

import type { Dispatcher } from "undici";
import type { HttpResponse } from "../http/http.js";
import { onAbort } from "../storage/on-abort.js";
import { AnswerStream } from "./answer-stream.js";

/** The beginning of an answer, and its body. */
export interface Answer extends Pick<HttpResponse, "status" | "headers"> {
  readonly body: AnswerStream;
}

/**
 * Sends a request. Any of the signals ends it, even while its answer is being read.
 *
 * @throws The signal's reason, and undici's errors.
 */
export function dispatch(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  signals: readonly (AbortSignal | undefined)[],
): Promise<Answer> {
  let release = () => {};
  const answered = new Promise<Answer>((resolve, reject) => {
    const handler = new AnswerHandler(resolve, reject);
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
class AnswerHandler implements Dispatcher.DispatchHandler {
  readonly #resolve: (answer: Answer) => void;
  readonly #reject: (error: Error) => void;
  #body: AnswerStream | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #aborted: { readonly reason: Error } | undefined;

  constructor(resolve: (answer: Answer) => void, reject: (error: Error) => void) {
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
    this.#body = new AnswerStream(controller, Number(headers["content-length"]));
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
