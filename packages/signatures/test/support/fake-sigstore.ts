// Fulcio and Rekor on this machine, with authorities of their own, from Sigstore's mocks.

import { createHash, generateKeyPairSync, type KeyPairKeyObjectResult } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fulcioHandler, initializeCA, initializeCTLog, initializeTLog, rekorHandler } from "@sigstore/mock";
import { scratchFile } from "./signed-image.js";

type Handler = ReturnType<typeof fulcioHandler>;

export interface FakeSigstore {
  readonly url: string;
  /** A file with the authorities. */
  readonly trustedRoot: string;
  close(): void;
}

/** @param clock the time at which certificates are issued and entries are logged; now by default */
export async function startFakeSigstore(clock?: { readonly issued?: Date; readonly logged?: Date }) {
  const keys = {
    ca: generateKeyPairSync("ec", { namedCurve: "P-256" }),
    log: generateKeyPairSync("ec", { namedCurve: "P-256" }),
  };
  const ctLog = await initializeCTLog(keys.ca, clock?.issued);
  const ca = await initializeCA(keys.ca, ctLog, clock?.issued);
  const handlers: Handler[] = [fulcioHandler(ca, { strict: true, subjectClaim: "sub" })];
  const server = await listen(handlers);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const rekor = rekorHandler(await initializeTLog(url, keys.log, clock?.logged));
  handlers.push({ ...rekor, fn: (body) => rekor.fn(loggedEntry(body)) });
  const roots = { root: ca.rootCertificate, ctKey: keys.ca, logKey: keys.log };
  const trustedRoot = scratchFile(
    `trusted-root-${handlers.length}-${url.slice(-5)}.json`,
    trustedRootOf(url, roots),
  );
  return { url, trustedRoot, close: () => void server.close() } satisfies FakeSigstore;
}

/** A token that Fulcio takes; the fake does not verify it. */
export function identityToken(identity: string, issuer: string): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { sub: identity, iss: issuer, aud: "sigstore", email: identity, email_verified: true };
  return [encode({ alg: "none" }), encode(claims), encode({})].join(".");
}

async function listen(handlers: readonly Handler[]): Promise<Server> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const handler = handlers.find(({ path }) => request.url === path);
    const result = await handler?.fn(Buffer.concat(chunks).toString("utf8"));
    response.writeHead(result?.statusCode ?? 404, { "content-type": result?.contentType ?? "text/plain" });
    response.end(result?.response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  return server;
}

/** What Rekor logs of a proposed DSSE entry: hashes, and not the envelope itself (rekor: pkg/types/dsse). */
function loggedEntry(body: string): string {
  const { apiVersion, kind, spec } = JSON.parse(body);
  const { envelope, verifiers } = spec.proposedContent;
  const { payload, signatures } = JSON.parse(envelope);
  const hash = (bytes: Buffer) => ({
    algorithm: "sha256",
    value: createHash("sha256").update(bytes).digest("hex"),
  });
  const logged = {
    payloadHash: hash(Buffer.from(payload, "base64")),
    envelopeHash: hash(Buffer.from(envelope)),
    signatures: signatures.map(({ sig }: { sig: string }) => ({ signature: sig, verifier: verifiers[0] })),
  };
  return JSON.stringify({ apiVersion, kind, spec: logged });
}

interface Roots {
  readonly root: ArrayBufferView;
  readonly ctKey: KeyPairKeyObjectResult;
  readonly logKey: KeyPairKeyObjectResult;
}

function trustedRootOf(url: string, { root, ctKey, logKey }: Roots): string {
  const validFor = { start: "2020-01-01T00:00:00Z" };
  const log = ({ publicKey }: KeyPairKeyObjectResult) => {
    const der = publicKey.export({ format: "der", type: "spki" });
    return {
      baseUrl: url,
      hashAlgorithm: "SHA2_256",
      publicKey: {
        rawBytes: der.toString("base64"),
        keyDetails: "PKIX_ECDSA_P256_SHA_256",
        validFor,
      },
      logId: { keyId: createHash("sha256").update(der).digest("base64") },
    };
  };
  return JSON.stringify({
    mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
    tlogs: [log(logKey)],
    certificateAuthorities: [
      {
        uri: url,
        certChain: {
          certificates: [
            { rawBytes: Buffer.from(root.buffer, root.byteOffset, root.byteLength).toString("base64") },
          ],
        },
        validFor,
      },
    ],
    ctlogs: [log(ctKey)],
    timestampAuthorities: [],
  });
}
