// Mirrors have the URL and credentials of each direction.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { scratchDirectory } from "../../../../tests/support/scratch.js";
import { requireCredentials } from "../../src/derived/mirrors.js";
import { openSpackInstance } from "../../src/instance/open-spack-instance.js";

/** The mirrors of an instance with this `mirrors.yaml`. */
function mirrorsOf(text: string, env: Record<string, string> = {}) {
  const root = scratchDirectory("mirrors");
  mkdirSync(join(root, "lib/spack/spack"), { recursive: true });
  mkdirSync(join(root, "etc/spack"), { recursive: true });
  writeFileSync(join(root, "lib/spack/spack/__init__.py"), '__version__ = "1.2.0.dev0"\n');
  writeFileSync(join(root, "etc/spack/mirrors.yaml"), text);
  const options = {
    spackRoot: root,
    cwd: "/work",
    home: root,
    env: { SPACK_DISABLE_LOCAL_CONFIG: "1", ...env },
  };
  return openSpackInstance(options).mirrors();
}

it("lets a direction override the mirror", () => {
  const [mirror] = mirrorsOf(
    "mirrors:\n  m:\n    url: oci://a.example.org/x\n    push: oci://b.example.org/x\n",
  );
  expect([mirror?.connection("fetch").url, mirror?.connection("push").url]).toEqual([
    "oci://a.example.org/x",
    "oci://b.example.org/x",
  ]);
  expect([mirror?.signed, mirror?.source, mirror?.binary, mirror?.autopush]).toEqual([
    false,
    true,
    true,
    false,
  ]);
});

it("makes file URLs of paths", () => {
  const [mirror] = mirrorsOf("mirrors:\n  m: /a b/ü\n");
  expect(mirror?.connection("fetch").url).toBe("file:///a%20b/%C3%BC");
});

it("takes credentials from the environment, and reports missing variables", () => {
  const text =
    "mirrors:\n  m:\n    url: oci://a.example.org/x\n    access_pair: {id: me, secret_variable: SECRET}\n";
  const [set] = mirrorsOf(text, { SECRET: "s" });
  const [unset] = mirrorsOf(text);
  expect(set?.connection("push").accessPair).toEqual({ id: "me", secret: "s" });
  expect(unset?.connection("push").accessPair).toBeUndefined();
  expect(() => set && requireCredentials(set, "push")).not.toThrow();
  expect(() => unset && requireCredentials(unset, "push")).toThrow(
    expect.objectContaining({
      code: "ERR_MIRROR_CREDENTIALS",
      kind: "denied",
      hint: "Set SECRET in the environment.",
    }),
  );
});

it("rejects a direction without a URL", () => {
  const [mirror] = mirrorsOf("mirrors:\n  m:\n    fetch: oci://a.example.org/x\n");
  expect(() => mirror?.connection("push")).toThrow(
    expect.objectContaining({ code: "ERR_MIRROR_WITHOUT_URL" }),
  );
});
