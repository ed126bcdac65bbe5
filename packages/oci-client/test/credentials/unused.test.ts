// Credentials that exist but are for another place: what a denied request says about them.

import { expect, test } from "vitest";
import { Login } from "../../src/auth/login.js";
import {
  type DefaultCredentialsOptions,
  defaultCredentials,
} from "../../src/credentials/default-credentials.js";
import { followPolicy } from "../../src/http/follow.js";

const mirror = { host: "ghcr.io", repository: "org/cache", username: "me", password: "hunter2" };
const repositories = [
  { ...mirror, source: 'mirror "main"' },
  { ...mirror, host: "quay.io", source: 'mirror "other"' },
];

/** The identity of a request for a repository. */
async function identityAt(host: string, repository: string, options: DefaultCredentialsOptions) {
  const login = new Login({
    credentials: defaultCredentials({ environment: { HOME: "/nonexistent" }, repositories, ...options }),
    send: () => Promise.reject(new Error("nothing is sent")),
    reread: (task) => task(),
    mayFollow: followPolicy,
    mayUseHttp: () => false,
    now: () => 0,
  });
  const asked = { method: "GET", url: `https://${host}/v2/`, repository, scopes: [], place: "here" } as const;
  return login.identify(asked);
}

test.each(["org/cache", "org/cache/below", "ORG/Cache".toLowerCase()])(
  "none are mentioned for %s",
  async (at) => {
    expect(await identityAt("ghcr.io", at, {})).toMatchObject({ text: 'me (mirror "main")' });
  },
);

test.each(["org/base", "org/cache2", "other/cache", "org"])("a mirror's are named for %s", async (at) => {
  const { credential, text } = await identityAt("ghcr.io", at, {});
  expect(credential).toBeUndefined();
  expect(text).toContain(`anonymous; no credential for ghcr.io/${at} in`);
  expect(text).toContain(
    'not used because they are for other places: mirror "main" (for ghcr.io/org/cache); see',
  );
  expect(text).not.toContain("hunter2");
});

test("a mirror at a common parent extends them", async () => {
  const parent = { ...mirror, repository: "org", source: 'mirror "parent"' };
  const options = { repositories: [...repositories, parent] };
  expect(await identityAt("ghcr.io", "org/base", options)).toMatchObject({ text: 'me (mirror "parent")' });
  expect(await identityAt("ghcr.io", "org/cache", options)).toMatchObject({ text: 'me (mirror "main")' });
});

test("those of the environment are named for another host", async () => {
  const environment = { HOME: "/nonexistent", SPACK_OCI_USERNAME: "me", SPACK_OCI_PASSWORD: "hunter2" };
  const options = { environment, hosts: ["ghcr.io"], repositories: [] };
  const { text } = await identityAt("docker.io", "library/ubuntu", options);
  expect(text).toContain("(SPACK_OCI_USERNAME, SPACK_OCI_PASSWORD) (for ghcr.io)");
  const unset = { ...options, environment: { ...environment, SPACK_OCI_PASSWORD: "" } };
  expect((await identityAt("docker.io", "library/ubuntu", unset)).text).not.toContain("not used");
  expect((await identityAt("ghcr.io", "org/base", options)).text).toMatch(/^me \(/);
});
