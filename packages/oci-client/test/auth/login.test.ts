// Where secrets are sent, and where they are not; without a network.

import { expect, test } from "vitest";
import { Login, type LoginOptions } from "../../src/auth/login.js";
import type { Credential } from "../../src/credentials/credential.js";
import { followPolicy } from "../../src/http/follow.js";
import type { HttpRequest } from "../../src/http/http.js";

const request = (url: string): HttpRequest => ({
  method: "GET",
  url,
  repository: "org/name",
  scopes: ["repository:org/name:pull"],
  place: "here",
});
const credential: Credential = { kind: "basic", username: "me", password: "secret", source: "the test" };

function makeLogin(options: Partial<LoginOptions> = {}) {
  const asked: HttpRequest[] = [];
  const login = new Login({
    credentials: () => credential,
    send: async (sent) => {
      asked.push(sent);
      return { status: 200, headers: {}, body: Buffer.from('{"token":"t"}'), url: sent.url };
    },
    reread: (task) => task(),
    mayFollow: followPolicy,
    mayUseHttp: () => false,
    now: () => 0,
    ...options,
  });
  const answer = async (url: string, scheme: "basic" | "bearer", realm: string) =>
    login.answer([{ scheme, parameters: { realm } }], request(url), await login.identify(request(url)));
  return { login, asked, answer };
}

test("does not send a password over plain http unless the host is allowed by name", async () => {
  const { answer } = makeLogin();
  await expect(answer("http://8.8.8.8:5000/v2/", "basic", "x")).rejects.toMatchObject({
    code: "ERR_OCI_INSECURE",
    kind: "denied",
  });
  const allowed = makeLogin({ mayUseHttp: (host) => host === "8.8.8.8:5000" });
  expect((await allowed.answer("http://8.8.8.8:5000/v2/", "basic", "x"))?.header).toMatch(/^Basic /);
});

test("does not send it to a token server over plain http, nor to one that a public registry places in a private network", async () => {
  const { answer, asked } = makeLogin();
  await expect(answer("http://8.8.8.8/v2/", "bearer", "http://8.8.4.4/token")).rejects.toMatchObject({
    code: "ERR_OCI_INSECURE",
  });
  await expect(answer("https://8.8.8.8/v2/", "bearer", "http://8.8.4.4/token")).rejects.toMatchObject({
    code: "ERR_OCI_REDIRECT",
  });
  await expect(answer("https://8.8.8.8/v2/", "bearer", "https://10.0.0.1/token")).rejects.toMatchObject({
    code: "ERR_OCI_REDIRECT",
  });
  await expect(answer("https://8.8.8.8/v2/", "bearer", "http://[bad")).rejects.toMatchObject({
    code: "ERR_OCI_CHALLENGE",
  });
  expect(asked).toEqual([]);
  expect((await answer("https://8.8.8.8/v2/", "bearer", "https://8.8.4.4/token?x=1"))?.header).toBe(
    "Bearer t",
  );
  expect(asked[0]?.url).toBe(
    "https://8.8.4.4/token?x=1&client_id=spack-oci&scope=repository%3Aorg%2Fname%3Apull",
  );
});

test("sends no credential to a host that the registry named", async () => {
  const { login, asked } = makeLogin();
  const foreign = { ...request("https://8.8.8.8/v2/"), foreign: true };
  const identity = await login.identify(foreign);
  expect(identity.credential).toBeUndefined();
  await login.answer([{ scheme: "bearer", parameters: { realm: "https://8.8.8.8/t" } }], foreign, identity);
  expect(asked.map(({ headers }) => headers)).toEqual([{}]);
});

test("looks a credential up again after a quarter of an hour, and immediately after a failure", async () => {
  let time = 0;
  let lookups = 0;
  const credentials = () => {
    lookups += 1;
    if (lookups === 1) throw new Error("locked");
    return credential;
  };
  const { login } = makeLogin({ now: () => time, credentials });
  const ask = () => login.identify(request("https://8.8.8.8/v2/"));
  await expect(ask()).rejects.toThrow("locked");
  await ask();
  time = 14 * 60_000;
  await ask();
  expect(lookups).toBe(2);
  time = 16 * 60_000;
  await ask();
  expect(lookups).toBe(3);
});
