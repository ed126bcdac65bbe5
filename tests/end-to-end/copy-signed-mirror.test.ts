// Copies from and to Spack's own mirrors with clearsigned manifests: what gpg does not accept is not copied.

import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { spackOci } from "../support/command-line.js";
import { fixture } from "../support/fixtures.js";
import { GpgHome, gpgProgram } from "../support/gpg-home.js";
import { listFiles } from "../support/list-files.js";
import { scratchDirectory } from "../support/scratch.js";

const PACKAGE = "json-c-lite";
const MANIFESTS = "v3/manifests/spec";
const original = `oci-layout:${fixture("oci-layout-main")}`;

describe.skipIf(gpgProgram === undefined)("a signed mirror", () => {
  const scratch = scratchDirectory("signed-mirror");
  const gpg = new GpgHome();
  const signed = join(scratch, "signed");
  let keyring: string;
  let stranger: string;

  /** Copies as a user whose Spack has the keys of a home directory, or none. */
  async function copy(args: readonly string[], home?: string) {
    const environment = { HOME: scratch, SPACK_GNUPGHOME: home };
    const run = await spackOci(["copy", ...args, "--json"], { environment });
    interface Failure {
      readonly error: { readonly code: string };
    }
    const { destinations } = run.json<{
      destinations?: { copied: unknown[]; unverified: unknown[]; failed: Failure[] }[];
    }>();
    return { ...run, ...destinations?.[0] };
  }

  const fresh = () => `oci-layout:${mkdtempSync(join(scratch, "to-"))}/cache`;

  /** A copy of the mirror in which the manifest of the package was changed. */
  function changed(change: (manifest: string, other: string) => string): string {
    const directory = join(mkdtempSync(join(scratch, "changed-")), "mirror");
    cpSync(signed, directory, { recursive: true });
    const pathOf = (name: string) =>
      join(directory, MANIFESTS, name, listFiles(join(directory, MANIFESTS, name))[0] ?? "");
    const path = pathOf(PACKAGE);
    writeFileSync(path, change(readFileSync(path, "utf8"), readFileSync(pathOf("gcc-runtime"), "utf8")));
    return directory;
  }

  beforeAll(async () => {
    const key = gpg.createKey("signer");
    keyring = gpg.exportKey(key);
    stranger = gpg.exportKey(gpg.createKey("stranger"));
    const made = await copy([original, signed, PACKAGE, "--gpg-key", "signer"], gpg.directory);
    expect(made).toMatchObject({ status: 0, copied: { length: 3 }, failed: [] });
  }, 120_000);

  it("has manifests that gpg verifies, and an index that is not signed", () => {
    const manifests = listFiles(join(signed, MANIFESTS));
    expect(manifests).toHaveLength(3);
    for (const path of manifests) gpg.run("--verify", join(signed, MANIFESTS, path));
    expect(readFileSync(join(signed, "v3/manifests/index/index.manifest.json"), "utf8")).toMatch(/^{/);
  });

  it.each(["a file of public keys", "the home of Spack"])("is copied with the key in %s", async (place) => {
    const args = place.startsWith("a file") ? ["--gpg-keyring", keyring] : [];
    const home = place.startsWith("a file") ? undefined : gpg.directory;
    expect(await copy([signed, fresh(), ...args], home)).toMatchObject({
      status: 0,
      copied: { length: 3 },
      unverified: [],
    });
  });

  it("is copied without a keyring, and with --no-check-signature, but counts as unverified", async () => {
    const without = await copy([signed, fresh()], join(scratch, "nowhere"));
    expect(without).toMatchObject({ status: 0, unverified: { length: 3 } });
    const ignored = await copy([signed, fresh(), "--no-check-signature"], gpg.directory);
    expect(ignored).toMatchObject({ status: 0, unverified: { length: 3 } });
    expect(ignored.stderr).toContain("3 packages are signed; their signatures were not verified.");
  });

  it("is not copied with another key", async () => {
    const run = await copy([signed, fresh(), "--gpg-keyring", stranger]);
    expect(run).toMatchObject({ status: 5, copied: [], failed: { length: 3 } });
    expect(run.failed?.[0]?.error).toMatchObject({
      code: "ERR_GPG_SIGNATURE",
      message: expect.stringMatching(
        /json-c-lite.*the key [0-9A-F]{16} is not in the keyring|is not in the keyring/,
      ),
    });
  });

  it.each<[string, string, (manifest: string, other: string) => string]>([
    [
      "one byte of its text was changed",
      "ERR_GPG_SIGNATURE",
      (text) => text.replace('"version":3', '"version":4'),
    ],
    ["its signature was removed", "ERR_GPG_UNSIGNED", (text) => /{.*}/s.exec(text)?.[0] ?? ""],
    ["its signature was cut off", "ERR_GPG_SIGNATURE", (text) => text.slice(0, -120)],
    [
      "its signature is another package's",
      "ERR_GPG_SIGNATURE",
      (text, other) => textOf(text) + signatureOf(other),
    ],
    ["another package's manifest is in its place", "ERR_WRONG_PACKAGE", (_text, other) => other],
    ["another signed text follows", "ERR_GPG_SIGNATURE", (text, other) => `${text}${other}`],
  ])("is not copied if %s", async (_what, code, change) => {
    const from = changed(change);
    const run = await copy([
      from,
      fresh(),
      PACKAGE,
      "--without-build-dependencies",
      "--gpg-keyring",
      keyring,
    ]);
    expect(run).toMatchObject({ status: 5, copied: { length: 1 }, failed: [{ error: { code } }] });
  });

  it("ignores what stands around the signed text", async () => {
    const from = changed((text) => `${text}\n{"version":4}\n`);
    expect(await copy([from, fresh(), "--gpg-keyring", keyring])).toMatchObject({ status: 0, failed: [] });
  });

  it("is not copied if the key has expired", async () => {
    const directory = join(scratch, "expired");
    const old = gpg.createKey("old");
    const made = await copy([original, directory, PACKAGE, "--gpg-key", "old"], gpg.directory);
    expect(made).toMatchObject({ status: 0 });
    gpg.expire(old);
    const run = await copy([directory, fresh()], gpg.directory);
    expect(run).toMatchObject({ status: 5, copied: [], failed: { length: 3 } });
    expect(run.stdout).toMatch(/the key [0-9A-F]{16} has expired/);
  });
});

describe("options for signatures", () => {
  const scratch = scratchDirectory("signature-options");
  const to = `oci-layout:${join(scratch, "to")}`;

  it.each([
    [["--gpg-keyring", "k"], /--gpg-keyring is for copies from a Spack v3 mirror/],
    [["--gpg-key", "k"], /--gpg-key is for copies to a Spack v3 mirror/],
    [["--gpg-keyring", "k", "--no-check-signature"], /--gpg-keyring excludes --no-check-signature/],
  ])("that have no effect are rejected: %s", async (options, message) => {
    const run = await spackOci(["copy", original, to, ...options], { environment: { HOME: scratch } });
    expect(run).toMatchObject({ status: 2, stderr: expect.stringMatching(message) });
  });

  it.skipIf(gpgProgram === undefined)("that name keys are checked before anything is written", async () => {
    const mirror = join(scratch, "mirror");
    const unknown = await spackOci(["copy", original, mirror, "--gpg-key", "nobody"], {
      environment: { HOME: scratch },
    });
    expect(unknown.stderr).toContain("There is no secret key nobody");
    expect(listFiles(scratch).filter((path) => path.startsWith("mirror"))).toEqual([]);
    const none = await spackOci(["copy", mirror, to, "--gpg-keyring", join(scratch, "none")]);
    expect(none.stderr).toMatch(/The keyring .* cannot be read/);
  });
});

function textOf(clearsigned: string): string {
  return clearsigned.slice(0, clearsigned.indexOf("-----BEGIN PGP SIGNATURE"));
}

function signatureOf(clearsigned: string): string {
  return clearsigned.slice(clearsigned.indexOf("-----BEGIN PGP SIGNATURE"));
}
