// A token server for docker-registry: signs real RS256 tokens, which the registry verifies (distribution, "Token
// Authentication Specification").

import { createSign, randomUUID, X509Certificate } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { KeyPair } from "./certificates.js";

/** A running token server. */
export interface TokenServer {
  /** The `auth` part of distribution's configuration that trusts this server. */
  readonly registryConfig: string;
  /** The scopes of every token issued. */
  readonly granted: string[][];
  close(): Promise<void>;
}

/** Starts a token server. Users may do everything; anonymous clients may pull below `public/`. */
export async function startTokenServer(users: Record<string, string>, signer: KeyPair): Promise<TokenServer> {
  const granted: string[][] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const user = userOf(request.headers.authorization, users);
    if (request.headers.authorization !== undefined && user === undefined) {
      response.writeHead(401).end();
      return;
    }
    const scopes = url.searchParams
      .getAll("scope")
      .filter((scope) => user !== undefined || /^repository:public\/.*:pull$/.test(scope));
    granted.push(scopes);
    const token = sign(
      { service: url.searchParams.get("service") ?? "", subject: user ?? "", scopes },
      signer,
    );
    response.setHeader("content-type", "application/json").end(JSON.stringify({ token, expires_in: 300 }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    granted,
    registryConfig: `auth:
  token:
    realm: http://127.0.0.1:${port}/token
    service: test-registry
    issuer: test-issuer
    rootcertbundle: ${signer.certificateFile}
`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function sign(claims: { service: string; subject: string; scopes: string[] }, signer: KeyPair): string {
  const now = Math.floor(Date.now() / 1000);
  const x5c = [new X509Certificate(signer.certificate).raw.toString("base64")];
  const payload = {
    iss: "test-issuer",
    sub: claims.subject,
    aud: claims.service,
    iat: now,
    nbf: now - 10,
    exp: now + 300,
    jti: randomUUID(),
    access: claims.scopes.map((scope) => {
      const [type, ...rest] = scope.split(":");
      return { type, name: rest.slice(0, -1).join(":"), actions: rest.at(-1)?.split(",") };
    }),
  };
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${encode({ typ: "JWT", alg: "RS256", x5c })}.${encode(payload)}`;
  return `${text}.${createSign("RSA-SHA256").update(text).sign(signer.key, "base64url")}`;
}

function userOf(authorization: string | undefined, users: Record<string, string>): string | undefined {
  const decoded = Buffer.from(authorization?.replace(/^Basic /, "") ?? "", "base64").toString();
  const [user = "", password = ""] = decoded.split(/:(.*)/s);
  return Object.hasOwn(users, user) && users[user] === password ? user : undefined;
}
