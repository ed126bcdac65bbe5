// Opens connections with the few certificate authorities that most hosts need, and with all of them if those do not
// verify a host: parsing all takes longer than the rest of a short command.

import type { buildConnector } from "undici";
import { delayEnd } from "./delayed-end.js";
import type { SecureConnectOptions, Trust } from "./tls.js";
import { isVerificationError } from "./undici-errors.js";

/** @param connectorWith makes a connector with one set of authorities */
export function trustingConnector(
  trust: Trust,
  connectorWith: (secure: SecureConnectOptions) => buildConnector.connector,
): buildConnector.connector {
  const likely = connectorWith(trust.likely);
  let full: buildConnector.connector | undefined;
  return (options, connected) => {
    const callback: buildConnector.Callback = (...[error, socket]: Parameters<buildConnector.Callback>) => {
      if (error !== null) return connected(error, null);
      delayEnd(socket);
      connected(null, socket);
    };
    if (full !== undefined) {
      full(options, callback);
      return;
    }
    likely(options, (...[error, socket]: Parameters<buildConnector.Callback>) => {
      if (error === null) {
        callback(null, socket);
      } else if (isVerificationError(error)) {
        full ??= connectorWith(trust.full());
        full(options, callback);
      } else {
        callback(error, null);
      }
    });
  };
}
