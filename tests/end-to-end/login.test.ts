// Logging in and out: what is checked, what is stored, and what is never shown.

import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { spackOci } from "../support/command-line.js";
import { scratchDirectory } from "../support/scratch.js";
import { spackPlace } from "../support/spack-instance.js";
import { startTestRegistry, type TestRegistry } from "../support/test-registry/test-registry.js";

const SECRET = "correct horse";

let registry: TestRegistry;
let home: string;

beforeEach(async () => {
  registry = await startTestRegistry({ auth: { kind: "basic", users: { alice: SECRET } } });
});
afterEach(() => registry.close());

const place = spackPlace();
const directory = scratchDirectory("login");
let homes = 0;
beforeEach(() => {
  homes += 1;
  home = join(directory, String(homes));
});

const run = (args: readonly string[], secret?: string) =>
  spackOci(args, { environment: { HOME: home }, ...(secret === undefined ? {} : { secret }) });
const login = (secret: string) => run(["login", `oci+http://${registry.host}`, "-u", "alice"], secret);
const config = () => join(home, ".docker/config.json");

describe("login", () => {
  it("stores a password that the registry accepts, readable only by its owner, and pulls with it", async () => {
    const mirror = registry.location("mochi/cache");
    expect(await run(["list", mirror])).toMatchObject({ status: 4 });
    const { status, stdout, stderr } = await login(SECRET);
    expect(status).toBe(0);
    expect(stdout + stderr).not.toContain(SECRET);
    expect(stdout).toContain(`spack-oci mirror add NAME oci+http://${registry.host}/PATH`);
    expect(statSync(config()).mode & 0o777).toBe(0o600);
    const { auths } = JSON.parse(readFileSync(config(), "utf8")) as {
      auths: Record<string, { auth: string }>;
    };
    const kept = Buffer.from(auths[registry.host]?.auth ?? "", "base64").toString();
    expect(kept).toBe(`alice:${SECRET}`);
    // Nothing exists, which only authorized clients can see.
    expect(await run(["list", mirror])).toMatchObject({ status: 3 });
  });

  it("does not store a password that the registry rejects", async () => {
    const { status, stdout, stderr } = await login("wrong horse");
    expect(status).toBe(4);
    expect(stdout + stderr).not.toContain("wrong horse");
    expect(existsSync(config())).toBe(false);
  });

  it("prompts for the user name at a terminal", async () => {
    const prompts: string[] = [];
    const run = await spackOci(["login", `oci+http://${registry.host}`], {
      environment: { HOME: home },
      secret: SECRET,
      prompt: async (question) => {
        prompts.push(question);
        return "alice";
      },
    });
    expect(run.status).toBe(0);
    expect(prompts).toEqual([`Username at oci+http://${registry.host}: `]);
    expect(readFileSync(config(), "utf8")).toContain(registry.host);
  });

  it("takes the name of a configured mirror for its registry", async () => {
    const scope = place.scope({
      "mirrors.yaml": `mirrors:
  mochi: ${registry.location("mochi/cache")}
  both: {fetch: https://elsewhere.example/cache, push: ${registry.location("mochi/cache")}}
  files: /opt/mirror
  secret: oci://alice:${SECRET.replace(" ", "-")}@ghcr.io/org
`,
    });
    const named = (...args: readonly string[]) =>
      spackOci(["-C", scope, ...args], {
        environment: { ...place.variables, HOME: home },
        secret: SECRET,
      });
    for (const name of ["mochi", "both"]) {
      const login = await named("login", name, "-u", "alice");
      expect(login.status).toBe(0);
      expect(login.stdout).toContain(`Logged in to oci+http://${registry.host} as alice`);
      expect(login.stdout).not.toContain("mirror add");
      expect(readFileSync(config(), "utf8")).toContain(registry.host);
      expect((await named("logout", name)).stdout).toContain("Removed the password");
      expect(readFileSync(config(), "utf8")).not.toContain(registry.host);
    }
    const files = await named("login", "files", "-u", "alice");
    expect(files.status).toBe(2);
    expect(files.stderr).toContain("The mirror files is file:///opt/mirror, which is not on a registry.");
    const secret = await named("login", "secret", "-u", "alice");
    expect(secret.status).toBe(2);
    expect(secret.stderr).not.toContain("correct-horse");
  });

  it("requires a password, a user name and a host", async () => {
    expect(await login("")).toMatchObject({ status: 2 });
    expect(await run(["login", registry.host])).toMatchObject({ status: 2 });
    expect(await run(["login", "ghcr.io/org", "-u", "alice"], SECRET)).toMatchObject({ status: 2 });
  });
});

describe("logout", () => {
  it("removes the password, and reports if there was none", async () => {
    await login(SECRET);
    const first = await run(["logout", registry.host]);
    expect(first).toMatchObject({ status: 0 });
    expect(first.stdout).toMatch(/^Removed the password/);
    expect(readFileSync(config(), "utf8")).not.toContain('auth"');
    const second = await run(["logout", registry.host]);
    expect(second).toMatchObject({ status: 0 });
    expect(second.stdout).toMatch(/^No password is stored/);
  });
});
